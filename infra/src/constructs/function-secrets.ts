/**
 * What the functions must know and nobody should read: made by Secrets Manager itself where it can be, so that no person and no
 * template has seen it. One secret for each thing that is changed by itself.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, type SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ResourceNames } from '../resource-names.ts';
import type { DataKey } from './data-key.ts';

/** 43 letters and digits are 258 bits, read as base64: 32 bytes. */
const keyOf = (variable: string): SecretStringGenerator => ({
  secretStringTemplate: '{}',
  generateStringKey: variable,
  passwordLength: 43,
  excludePunctuation: true,
});

const putInLater = (...variables: readonly string[]): SecretStringGenerator => ({
  secretStringTemplate: JSON.stringify(Object.fromEntries(variables.map((variable) => [variable, '']))),
  generateStringKey: 'generated', // the template cannot do without one; nobody reads it
});

export interface FunctionSecretsProps {
  readonly names: ResourceNames['secrets'];
  readonly dataKey: DataKey;
  readonly keepsData: boolean;
  /** Whether banks of the UK, and of the Berlin Group, are linked: what we show them is a secret of its own each. */
  readonly linksOpenBankingUk: boolean;
  readonly linksBerlinGroup: boolean;
}

export class FunctionSecrets extends Construct {
  /** `TOKEN_KEY`, one or several keys: seals the stored access tokens. Losing it loses them all, so it is in a secret of its own. */
  readonly tokenKey: Secret;
  /** `PLAID_CLIENT_ID` and `PLAID_SECRET`: empty until somebody puts them in; the function says so until then. */
  readonly plaid: Secret;
  /**
   * `OPEN_BANKING_UK_KEY`: empty until somebody puts it in; the functions say so until then. Certificate and key beside it may stay empty.
   * `undefined`: no such bank is linked.
   */
  readonly openBankingUk: Secret | undefined;
  /** Certificate and key, which may stay empty. `undefined`: no such bank is linked. */
  readonly berlinGroup: Secret | undefined;
  /** `READ_TOKEN_KEY`: signs the bearer tokens of the read API. */
  readonly readTokenKey: Secret;

  constructor(scope: Construct, id: string, props: FunctionSecretsProps) {
    super(scope, id);
    const { names, dataKey, keepsData, linksOpenBankingUk, linksBerlinGroup } = props;
    const make = (name: keyof typeof names, description: string, generateSecretString: SecretStringGenerator) =>
      new Secret(this, name, {
        secretName: names[name],
        description,
        generateSecretString,
        encryptionKey: dataKey.key,
        removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      });
    this.tokenKey = make(
      'tokenKey',
      'seals stored access tokens; change it by the steps of docs/operate.md alone',
      keyOf('TOKEN_KEY'),
    );
    this.readTokenKey = make('readTokenKey', 'signs the bearer tokens of the read API', keyOf('READ_TOKEN_KEY'));
    this.plaid = make(
      'plaid',
      'client id and secret of the Plaid account',
      putInLater('PLAID_CLIENT_ID', 'PLAID_SECRET'),
    );
    this.openBankingUk = linksOpenBankingUk
      ? make(
          'openBankingUk',
          'our key at banks of the UK, a private JSON Web Key; and a client certificate with its key, where they ask for one',
          putInLater('OPEN_BANKING_UK_KEY', 'OPEN_BANKING_UK_CERTIFICATE', 'OPEN_BANKING_UK_CERTIFICATE_KEY'),
        )
      : undefined;
    this.berlinGroup = linksBerlinGroup
      ? make(
          'berlinGroup',
          'our client certificate at banks of the Berlin Group, and our certificate for seals, each with its key',
          putInLater(
            'BERLIN_GROUP_CERTIFICATE',
            'BERLIN_GROUP_CERTIFICATE_KEY',
            'BERLIN_GROUP_SEAL_CERTIFICATE',
            'BERLIN_GROUP_SEAL_CERTIFICATE_KEY',
          ),
        )
      : undefined;
  }
}
