export {
  type Connections,
  type ConnectionsOptions,
  createConnections,
  type Exchange,
  type HttpRequest,
} from './connections.ts';
export { sendForText, type WholeResponse } from './send-for-text.ts';
