// What a program does that speaks to Vestibule: a key of its own, and requests exactly as its vendor's client writes them.

import { request } from 'node:http';
import { Code, ConnectError, type Interceptor, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { NewAuthorizationBearerInterceptor } from '@zitadel/client';
import type { Vestibule } from './vestibule.ts';

/** Makes a key on the command line; without `scopes` it may do everything. */
export async function key(at: Vestibule, name: string, scopes = 'read,write,verify'): Promise<string> {
  const [printed] = await at.run('api-key', 'create', '--name', name, '--scope', scopes);
  if (!printed) throw new Error('no key was printed');
  return printed;
}

/** The id of the organization, which is also PingOne's environment. */
export async function organization(at: Vestibule): Promise<string> {
  const [first] = JSON.parse((await at.run('org', 'list', '--json')).join('')) as { id: string }[];
  if (!first) throw new Error('there is no organization');
  return first.id;
}

/** What came back, whatever its status. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** A request in which nothing is tidied up: headers go out as they stand here, one line for each pair. */
export interface Asked {
  method?: string;
  headers?: [name: string, value: string][];
  /** Several pieces go out as a chunked body. */
  body?: string | string[];
}

/** Sends a request by HTTP/1.1 on a connection of its own. */
export function ask(at: Vestibule, path: string, asked: Asked = {}): Promise<Answer> {
  const { hostname, port, host } = new URL(at.url);
  const pieces = asked.body === undefined ? [] : [asked.body].flat();
  const lines: [string, string][] = [['Host', host], ['Connection', 'close'], ...(asked.headers ?? [])];
  if (Array.isArray(asked.body)) lines.push(['Transfer-Encoding', 'chunked']);
  else if (asked.method !== 'GET') lines.push(['Content-Length', String(Buffer.byteLength(pieces.join('')))]);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: asked.method ?? 'POST', headers: lines.flat(), agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.once('end', () => {
        const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: answer.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    // A connection that is cut off may say so more than once, and an error that nobody hears ends the test.
    sent.on('error', reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

/** The body of an answer that has to be JSON, and of the expected status. */
export function json(answer: Answer, status = 200): any {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text}`);
  return JSON.parse(answer.text);
}

/** The vendor's transports for its own services. */
export type Speech = 'gRPC' | 'gRPC-Web' | 'Connect' | 'Connect in JSON' | 'Connect by HTTP/2';

/** Speaks to Vestibule as the holder of `token`; without one, as nobody. */
export function transport(speech: Speech, at: Vestibule, token?: string): Transport {
  const interceptors: Interceptor[] = token ? [NewAuthorizationBearerInterceptor(token)] : [];
  const options = { baseUrl: at.url, interceptors };
  switch (speech) {
    case 'gRPC':
      return createGrpcTransport(options);
    case 'gRPC-Web':
      return createGrpcWebTransport({ ...options, httpVersion: '1.1' });
    case 'Connect':
      return createConnectTransport({ ...options, httpVersion: '1.1' });
    case 'Connect in JSON':
      return createConnectTransport({ ...options, httpVersion: '1.1', useBinaryFormat: false });
    case 'Connect by HTTP/2':
      return createConnectTransport({ ...options, httpVersion: '2' });
  }
}

/** The error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  try {
    await call;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error('the call was not refused');
}

export { Code };
