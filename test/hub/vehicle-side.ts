import type { Result } from '../../electron/contract.ts';
import { fail } from '../../electron/errors.ts';
import type { IntakeSink } from '../../electron/frames/media-intake.ts';
import type { MediaSource } from '../../electron/frames/media-source.ts';
import type { HubDevices, HubIntake } from '../../electron/hub/hub.ts';
import { type StreamKey, streamName } from '../../electron/stream-key.ts';

type Answer = Result<{ target: string }>;

export const udpSource: MediaSource = {
  id: 'udp 10.0.0.9:5000',
  transport: 'udp',
  remote: '10.0.0.9:5000',
  localAddress: '10.0.0.1',
};

/**
 * The two stages upstream of a hub, played by hand: commands are written down in the order they were given and answered
 * when the test says so; media is whatever the test hands to the expected sinks.
 */
export class VehicleSide implements HubDevices, HubIntake {
  readonly calls: string[] = [];
  readonly online = new Set<string>();
  readonly sinks = new Map<string, IntakeSink>();
  /** Channels without a picture. */
  readonly soundOnly = new Set<number>();
  #waiting: ((answer: Answer) => void)[] = [];

  isOnline(terminal: string): boolean {
    return this.online.has(terminal);
  }

  get(terminal: string): { headerId: string } | undefined {
    return { headerId: terminal.padStart(12, '0') };
  }

  isSoundOnly(_terminal: string, channel: number): boolean {
    return this.soundOnly.has(channel);
  }

  openStream(key: StreamKey): Promise<Answer> {
    this.calls.push(`open ${streamName(key)}`);
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  closeStream(key: StreamKey): void {
    this.calls.push(`close ${streamName(key)}`);
  }

  reportLoss(key: StreamKey, ratio: number): void {
    this.calls.push(`loss ${streamName(key)} ${ratio}`);
  }

  expect(key: StreamKey, sink: IntakeSink): void {
    this.calls.push(`expect ${streamName(key)}`);
    this.sinks.set(streamName(key), sink);
  }

  forget(key: StreamKey): void {
    this.calls.push(`forget ${streamName(key)}`);
    this.sinks.delete(streamName(key));
  }

  /** Commands without an answer so far. */
  get unanswered(): number {
    return this.#waiting.length;
  }

  /** Answers the oldest command; the hub hears of it before this returns. */
  async answer(answer: Answer = { ok: true, value: { target: '10.0.0.1 UDP 6611' } }): Promise<void> {
    this.#waiting.shift()!(answer);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }

  async refuse(code: 'commandFailed' | 'commandTimeout' | 'terminalGone' | 'terminalOffline'): Promise<void> {
    await this.answer(fail(code));
  }

  /** Calls since the last time this was asked. */
  news(): string[] {
    return this.calls.splice(0);
  }

  sink(name: string): IntakeSink {
    const sink = this.sinks.get(name);
    if (!sink) throw new Error(`${name} is not expected`);
    return sink;
  }
}
