import { parseArgs } from 'node:util';
import { defaultSettings } from '../config.ts';
import { Replayer } from './replayer.ts';

const usage = `npm run replay -- FILE [--to HOST:PORT] [--media PORT] [--speed N] [--patience SECONDS]

FILE      a trace, as pcapng of Convoy or as its text
--to      where the 808 port of the server is; 127.0.0.1:7611
--media   its media port, until 0x9101 names one; 6611
--speed   1 as it was, 2 twice as fast, 0 without pauses; 1
--patience  longest wait for the server to ask for a camera; 10`;

/** `npm run replay`: plays a vehicle from its trace into a server. */
async function replay(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string', default: '127.0.0.1' },
      media: { type: 'string' },
      speed: { type: 'string', default: '1' },
      patience: { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (values.help || file === undefined || positionals.length > 1) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const settings = defaultSettings();
  const [, host = '', port] = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(values.to) ?? [];
  if (host === '') throw new RangeError(`--to ${values.to} is no host:port`);
  const report = await Replayer.play({
    file,
    host: host.replace(/^\[|\]$/g, ''),
    signalPort: number('to', port ?? String(settings.signalPort), 1, 65_535),
    mediaPort: number('media', values.media ?? String(settings.mediaPort), 1, 65_535),
    speed: number('speed', values.speed, 0, 10_000),
    patienceMs: number('patience', values.patience, 0, 86_400) * 1000,
  });
  const { messages, packets, bytes, answered, lost, unasked } = report;
  const doubts = [
    ...(lost > 0 ? [`${lost} not taken: the server had closed the connection`] : []),
    ...(unasked.length > 0 ? [`nobody asked for channel ${unasked.join(', ')}`] : []),
  ];
  console.log(
    `Replayed ${messages} messages and ${packets} packets, ${bytes} bytes; answered ${answered} commands${doubts.map(text => `; ${text}`).join('')}`,
  );
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new RangeError(`--${name} must be ${least} to ${most}, not ${text}`);
  return value;
}

replay().catch((error: unknown) => {
  console.error(`Convoy cannot replay: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
