import { describe, expect, it } from 'vitest';
import type { DoctorReport, DoctorStep } from '../../../electron/contract.ts';
import {
  causeWords,
  distances,
  reportText,
  sincePrevious,
  standstill,
  waitedFor,
} from '../../../renderer/doctor/doctor-words.ts';
import { firstPictureStep } from '../../../renderer/doctor/first-picture.ts';
import { createDictionary } from '../../../renderer/i18n/dictionary.ts';
import type { PlayerSnapshot } from '../../../renderer/player/player.ts';
import type { TileState } from '../../../renderer/store/tiles.ts';

const en = createDictionary('en').t;
const zh = createDictionary('zh').t;
const step = (over: Partial<DoctorStep>): DoctorStep => ({
  ...{ step: 'connected', state: 'done', at: 0, causes: [] },
  ...over,
});

describe('times between steps', () => {
  it('are from the step done before, whatever lies between', () => {
    const steps = [
      step({ at: 1000 }),
      step({ state: 'skipped' }),
      step({ at: 1012 }),
      step({ state: 'failed', at: 1500 }),
      step({ at: 1010 }),
      step({ at: 1020 }),
    ];
    expect(distances(steps)).toEqual([undefined, undefined, 12, undefined, -2, 8]);
  });

  it.each([
    [-5, ''],
    [0, '+0 ms'],
    [999, '+999 ms'],
    [1500, '+1.5 s'],
    [150_000, '+3 min'],
  ])('of %i ms read %s', (ms, words) => expect(sincePrevious(ms)).toBe(words));
});

describe('where it stands', () => {
  it('is what failed first, else what is waited for first, else nowhere', () => {
    const waiting = step({ state: 'waiting' });
    const failed = step({ state: 'failed' });
    expect(standstill([step({}), waiting, failed])).toBe(failed);
    expect(standstill([step({}), waiting])).toBe(waiting);
    expect(standstill([step({}), step({ state: 'skipped' })])).toBeUndefined();
  });
});

describe('how long it was waited for', () => {
  it('is from the last step done, for one that has no time of its own', () => {
    const blocked = step({ state: 'failed' });
    const refused = step({ state: 'failed', at: 1700 });
    const steps = [step({ at: 1000 }), step({ at: 1500 }), step({ state: 'skipped', at: 1900 }), blocked, refused];
    expect(waitedFor(steps, blocked, 4900)).toBe(3400);
    expect(waitedFor(steps, refused, 4900)).toBeUndefined();
    expect(waitedFor([blocked], blocked, 4900)).toBeUndefined();
    // Asked for again a moment ago.
    expect(waitedFor(steps, blocked, 1542)).toBeUndefined();
  });
});

describe('a cause in words', () => {
  it('puts codes and kinds among its params into words, in both languages', () => {
    const taken = { cause: 'portClosed', params: { protocol: 'tcp', port: 7611, code: 'portInUse' } } as const;
    expect(causeWords(taken, en)).toMatch(/^TCP port 7611 is not open: .*in use/);
    expect(causeWords(taken, zh)).toMatch(/^TCP 端口 7611 未打开：/);
    const strange = { cause: 'notJt808', params: { address: '10.0.0.1', looks: 'tls' } } as const;
    expect(causeWords(strange, en)).toContain('TLS');
    const limit = { cause: 'refusedByLimit', params: { address: '10.0.0.1', limit: 'connectRate' } } as const;
    expect(causeWords(limit, zh)).toContain('每秒新连接数');
  });
});

describe('a report for a mail', () => {
  it('has every step with its time, its bytes and its causes', () => {
    const report: DoctorReport = {
      ...{ vehicleId: '1', channel: 1, stream: 'sub', at: 1_700_000_000_000 },
      steps: [
        step({ at: 1_699_999_999_000, proof: { text: '10.0.0.1:5 → 10.0.0.9:7611', hex: '7e 01' } }),
        step({
          ...{ step: 'acknowledged', state: 'failed' },
          causes: [{ cause: 'notAcknowledged', setting: 'commandTimeoutMs', params: { seconds: 10 } }],
        }),
      ],
      refusals: [
        {
          ...{ at: 1, lastAt: 2, packets: 3, remote: '10.0.0.1:9', transport: 'udp', sim: '013900000002' },
          ...{ channel: 1, payloadType: 98, why: 'unwanted', hex: '30 31' },
        },
      ],
    };
    const text = reportText('P1', report, en);
    expect(text).toContain(
      '[done] Vehicle connected 2023-11-14T22:13:19.000Z\n    10.0.0.1:5 → 10.0.0.9:7611\n    7e 01',
    );
    expect(text).toContain('[failed] 0x9101 acknowledged\n    - The vehicle has not answered 0x9101 within 10 s');
    expect(text).toContain('(commandTimeoutMs)');
    expect(text).toContain('UDP 10.0.0.1:9 SIM 013900000002 CH 1 PT 98 × 3: nobody asked for this SIM\n    30 31');
  });
});

describe('the first picture', () => {
  const tile: TileState = { kind: 'live', stream: 'sub', hasPicture: true, since: 1, steps: [], attempts: 0 };
  const player = {
    width: 352,
    height: 288,
    engine: 'webcodecs',
    framesPresented: 5,
    framesReceived: 7,
    firstPictureAt: 9,
  };

  it('is this console’s own word', () => {
    expect(firstPictureStep(tile, player as PlayerSnapshot, en)).toMatchObject({
      ...{ state: 'done', at: 9, proof: { text: '352 × 288, webcodecs, 5 / 7' } },
    });
    expect(firstPictureStep(undefined, undefined, en).causes[0]?.cause).toBe('consoleNotShowing');
    expect(firstPictureStep({ ...tile, kind: 'paused' }, undefined, en).causes[0]?.cause).toBe('consoleNotShowing');
    expect(firstPictureStep({ ...tile, hasPicture: false, kind: 'opening' }, undefined, en)).toMatchObject({
      ...{ state: 'waiting', causes: [] },
    });
    expect(firstPictureStep({ ...tile, kind: 'lost' }, player as PlayerSnapshot, en).state).toBe('waiting');
    const undecodable = firstPictureStep(
      { ...tile, kind: 'undecodable', codec: 'h265', reason: 'h265' },
      undefined,
      en,
    );
    expect(undecodable.state).toBe('failed');
    expect(causeWords(undecodable.causes[0]!, en)).toContain('H.265');
  });
});
