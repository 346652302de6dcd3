import { fail } from '../../electron/errors.ts';
import type { DeskCalls, ServiceMethod } from '../../electron/ipc/desk.ts';
import { rpcArgs } from '../../electron/ipc/schema.ts';
import type { ServiceBackers } from '../../electron/ipc/server-desk.ts';

const elsewhere = /^(app|fleet|sound|stream|settings|diagnostics|simulator|record|recorder|archive|bookmark|export)\./;

/** A desk whose vehicles are only watched. */
export function noServices(change: Partial<ServiceBackers> = {}): ServiceBackers {
  const methods = Object.keys(rpcArgs).filter(name => !elsewhere.test(name));
  const calls = Object.fromEntries(methods.map(name => [name, () => fail('unknownTerminal')]));
  return {
    calls: calls as unknown as Pick<DeskCalls, ServiceMethod>,
    rows: () => ({}),
    openTalk: () => fail('unknownTerminal'),
    openPlayback: () => fail('unknownTerminal'),
    listenToPlayback: () => fail('unknownPlayback'),
    pictureFile: async () => fail('unknownPicture'),
    uploadFile: async () => fail('unknownUpload'),
    traceFile: async () => fail('unknownTrace'),
    ...change,
  };
}
