// The Node runtime of the Lambda host: started in each environment of kind `node`, it imports the handler and then asks for
// one invocation after the other. Plain JavaScript with few imports, because every cold start loads it.
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect } from './node-runtime-connection.mjs';

const environment = process.env;
const concurrency = Number(environment.AWS_LAMBDA_MAX_CONCURRENCY ?? 1);
const [authority, ...prefix] = (environment.AWS_LAMBDA_RUNTIME_API ?? '').split('/');
const base = `/${[...prefix, '2018-06-01/runtime'].join('/')}`;

const connection = connect(authority);
const handler = await loadHandler().catch(failInit);
const runInScope = concurrency > 1 ? await createInvokeStore() : callDirectly;
for (let index = 1; index < concurrency; index += 1) work(connect(authority));
work(connection);

/** @param {import('./node-runtime-connection.mjs').Connection} own */
async function work(own) {
  let answer = await own.request('GET', `${base}/invocation/next`);
  for (let count = 0; answer.status === 200; count += 1) {
    const requestId = answer.headers['lambda-runtime-aws-request-id'];
    let path = `${base}/invocation/${requestId}/response`;
    let body;
    let errorType;
    try {
      const result = await runInScope(answer);
      body = result === undefined ? 'null' : JSON.stringify(result);
      if (body === undefined) throw new TypeError(`The handler returned a ${typeof result}, which JSON cannot carry.`);
    } catch (error) {
      const facts = describe(error);
      path = `${base}/invocation/${requestId}/error`;
      errorType = facts.errorType;
      body = JSON.stringify(facts);
    }
    // The answer and the question for more go out in one packet; the host answers them in order.
    const accepted = own.request('POST', path, body, errorType);
    const next = own.request('GET', `${base}/invocation/next`);
    await accepted;
    // Once the first invocation has compiled what it runs: an environment is killed, not asked to save its cache.
    if (count === 0 && environment.NODE_COMPILE_CACHE !== undefined) flushCompileCache();
    answer = await next;
  }
  process.stderr.write(`The Runtime API answered ${answer.status}: ${answer.body}\n`);
  process.exit(1);
}

/** @param {import('./node-runtime-connection.mjs').Answer} answer */
function callDirectly(answer) {
  environment._X_AMZN_TRACE_ID = answer.headers['lambda-runtime-trace-id'];
  return handler(JSON.parse(answer.body), createContext(answer.headers));
}

/** @param {Record<string, string>} headers */
function createContext(headers) {
  const deadlineEpochMs = Number(headers['lambda-runtime-deadline-ms']);
  const clientContext = headers['lambda-runtime-client-context'];
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    identity: undefined,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineEpochMs - Date.now(),
  };
}

/** @returns {Promise<(event: unknown, context: object) => unknown>} */
async function loadHandler() {
  const given = environment._HANDLER ?? '';
  const nameAt = given.lastIndexOf('/') + 1;
  const [file = '', ...names] = given.slice(nameAt).split('.');
  const stem = resolve(environment.LAMBDA_TASK_ROOT ?? '.', given.slice(0, nameAt), file);
  const path = ['.mjs', '.js', '.cjs'].map((extension) => stem + extension).find((candidate) => existsSync(candidate));
  if (path === undefined) throw namedError('Runtime.ImportModuleError', `Cannot find module '${file}' beside ${stem}`);
  let found = await import(pathToFileURL(path).href).catch((error) => {
    if (error instanceof SyntaxError) throw namedError('Runtime.UserCodeSyntaxError', error.message);
    if (/^(ERR_)?MODULE_NOT_FOUND$/.test(error?.code)) throw namedError('Runtime.ImportModuleError', error.message);
    throw error;
  });
  if (found[names[0] ?? ''] === undefined && found.default !== undefined) found = found.default; // CommonJS
  for (const name of names) found = found?.[name];
  if (found === undefined) throw namedError('Runtime.HandlerNotFound', `${given} is undefined or not exported`);
  if (typeof found !== 'function') throw namedError('Runtime.HandlerNotFound', `${given} is not a function`);
  return found;
}

/** Several invocations at once: what belongs to one is found through the invoke store, as Powertools does.
 * The keys are the published ones of `@aws/lambda-invoke-store`, which takes the global store when there is one. */
async function createInvokeStore() {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const PROTECTED_KEYS = {
    REQUEST_ID: Symbol.for('_AWS_LAMBDA_REQUEST_ID'),
    X_RAY_TRACE_ID: Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID'),
    TENANT_ID: Symbol.for('_AWS_LAMBDA_TENANT_ID'),
  };
  const get = (key) => storage.getStore()?.[key];
  globalThis.awslambda ??= {};
  globalThis.awslambda.InvokeStore = {
    getContext: () => storage.getStore(),
    hasContext: () => storage.getStore() !== undefined,
    get,
    set(key, value) {
      const store = storage.getStore();
      if (store === undefined) throw new Error('No invocation is under way.');
      if (Object.values(PROTECTED_KEYS).includes(key)) throw new Error(`${String(key)} cannot be changed.`);
      store[key] = value;
    },
    run: (context, callback) => storage.run(context, callback),
    getRequestId: () => get(PROTECTED_KEYS.REQUEST_ID) ?? '-',
    getXRayTraceId: () => get(PROTECTED_KEYS.X_RAY_TRACE_ID),
    getTenantId: () => get(PROTECTED_KEYS.TENANT_ID),
  };
  return (answer) =>
    storage.run(
      {
        [PROTECTED_KEYS.REQUEST_ID]: answer.headers['lambda-runtime-aws-request-id'],
        [PROTECTED_KEYS.X_RAY_TRACE_ID]: answer.headers['lambda-runtime-trace-id'],
      },
      () => handler(JSON.parse(answer.body), createContext(answer.headers)),
    );
}

/** @returns {Promise<never>} */
async function failInit(error) {
  const facts = describe(error);
  process.stderr.write(`${error?.stack ?? facts.errorMessage}\n`);
  await connection.request('POST', `${base}/init/error`, JSON.stringify(facts), facts.errorType);
  process.exit(1);
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function namedError(name, message) {
  return Object.assign(new Error(message), { name });
}
