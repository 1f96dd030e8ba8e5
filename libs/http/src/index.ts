export {
  type AnswerHeaders,
  type AnswerListener,
  createHttpOrigin,
  type Exchange,
  type HttpOrigin,
  type HttpOriginOptions,
  type HttpRequest,
} from './http-origin.ts';
export { sendForText, type WholeAnswer } from './read-whole.ts';
