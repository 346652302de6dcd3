import type { Diagnostics } from '../../electron/contract.ts';
import type { Capabilities } from '../player/capabilities.ts';

/** Everything under Diagnostics as text for a support case. English and raw whatever the desk's language is. */
export function diagnosticsReport(found: Diagnostics, capabilities: Capabilities, at: number): string {
  const lines = [`Convoy diagnostics ${new Date(at).toISOString()}`, ''];
  const section = (title: string, rows: string[]): void => {
    lines.push(`[${title}]`, ...(rows.length > 0 ? rows : ['none']), '');
  };
  section(
    'versions',
    Object.entries(found.versions).map(([name, version]) => `${name} ${version}`),
  );
  section('health', [JSON.stringify(found.health, null, 2)]);
  section('decoders', [JSON.stringify(capabilities)]);
  section(
    'streams',
    found.streams.map(row => {
      const { status } = row;
      const size = status.width ? `${status.width}x${status.height}` : '-';
      return [
        `${row.headerId}_${row.channel}_${row.stream}`,
        status.phase,
        status.codec ?? '-',
        size,
        `${status.fps.toFixed(1)} fps`,
        `${Math.round(status.bitsPerSecond / 1000)} kb/s`,
        `loss ${(status.lossRatio * 100).toFixed(2)} %`,
        `frames ${row.frames} dropped ${row.framesDropped} lost packets ${row.packetsLost}`,
        `subscribers ${row.subscribers}`,
        `${status.transport ?? '-'} ${status.source ?? '-'}`,
        status.error ? `${status.error.code}: ${status.error.message}` : '',
      ].join(' | ');
    }),
  );
  section(
    'tallies',
    Object.entries(found.tallies).map(([name, count]) => `${name} ${count}`),
  );
  section(
    'unknown messages',
    found.unknownMessages.map(({ id, count }) => `${id} ${count}`),
  );
  return lines.join('\n');
}
