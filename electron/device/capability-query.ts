import type { Clock } from '../clock.ts';
import { channelTableId } from './channel-table.ts';
import type { Session } from './session.ts';

/** Asked this long after authentication: some terminals are not ready in the moment they are let in. */
const pauseMs = 300;
const attempts = 2;

/**
 * 0x9003 (1078-2016 §5.3.2), then the channel table by 0x8106, each asked again once when nothing comes. The answer 0x1003
 * carries no serial; what is answered goes into the terminal's record like what comes unasked.
 */
export function queryCapabilities(session: Session, clock: Clock, isWanted: () => boolean): void {
  clock.after(pauseMs, () => void ask(session, isWanted));
}

async function ask(session: Session, isWanted: () => boolean): Promise<void> {
  await askFor(session, isWanted, 0x9003, null, 0x1003);
  await askFor(session, isWanted, 0x8106, { ids: [channelTableId] }, 0x0104);
}

async function askFor(
  session: Session,
  isWanted: () => boolean,
  id: 0x9003 | 0x8106,
  value: unknown,
  replyId: number,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!isWanted() || session.unsupported.has(id)) return;
    const result = await session.command(id, value, { replyId });
    if (result.ok || result.code !== 'commandTimeout') return;
  }
}
