import { describe, it } from 'vitest';
import { platformGeneralReply, terminalGeneralReply } from '../../../../electron/codec/jt808/body/general-reply.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('general responses', () => {
  it('name serial, id and result of what they answer', () => {
    for (const entry of [terminalGeneralReply, platformGeneralReply])
      for (const version of bothVersions)
        expectBody(entry, version, 'FFFE 9101 03', { replySerial: 0xfffe, replyId: 0x9101, result: 3 });
  });
});
