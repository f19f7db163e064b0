import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import { HttpApi, type HttpApiOptions } from '../../http-api/http-api.ts';
import type { FunctionInvoker } from '../../lambda/model/function-invoker.ts';
import type { LocalContext } from '../../context/local-context.ts';

/** An HTTP API that listens. */
export async function listen(
  context: LocalContext,
  functions: FunctionInvoker,
  options?: HttpApiOptions,
) {
  const api = new HttpApi(context, functions, options);
  const errors: unknown[] = [];
  const endpoint = new HttpEndpoint({
    services: {},
    localPages: () => Promise.resolve(),
    httpApi: api.handle,
    apiRules: api,
    onError: (error) => errors.push(error),
  });
  await endpoint.listen(0);
  return {
    api,
    errors,
    url: endpoint.url,
    close: () => endpoint.close(),
    addRoute: (routeKey: string, functionName: string) => {
      const [method = '', path = ''] = routeKey.split(' ');
      const route = path === '' ? { method: 'ANY', path: method } : { method, path };
      api.addRoute({ ...route, functionName, payloadFormatVersion: '2.0' });
    },
  };
}
