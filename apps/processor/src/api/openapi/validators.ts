/** The schemas of the contract's types, made from them at compile time. Apart, so that they are loaded only with the document. */
import typia from 'typia';
import type {
  AccountPage,
  AccountsQuery,
  ChangePage,
  ChangesQuery,
  Connection,
  ConnectionList,
  ConnectionRequest,
  LinkedConnection,
  LinkToken,
  LinkTokenRequest,
  Problem,
  RefreshAccepted,
  TransactionPage,
  TransactionsQuery,
} from '../contract.ts';

export const contractSchemas = typia.json.schemas<
  [
    AccountPage,
    AccountsQuery,
    ChangePage,
    ChangesQuery,
    Connection,
    ConnectionList,
    ConnectionRequest,
    LinkedConnection,
    LinkToken,
    LinkTokenRequest,
    Problem,
    RefreshAccepted,
    TransactionPage,
    TransactionsQuery,
  ],
  '3.1'
>();
