import type { Clock } from '../clock.ts';
import type { Session } from './session.ts';

/** Asked this long after authentication: some terminals are not ready in the moment they are let in. */
const pauseMs = 300;
const attempts = 2;

/**
 * 0x9003 (1078-2016 §5.3.2), asked again once when nothing comes. The answer 0x1003 carries no serial; the session
 * hands it to the terminal's record like one that comes unasked.
 */
export function queryCapabilities(session: Session, clock: Clock, isWanted: () => boolean): void {
  clock.after(pauseMs, () => void ask(session, isWanted));
}

async function ask(session: Session, isWanted: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!isWanted() || session.unsupported.has(0x9003)) return;
    const result = await session.command(0x9003, null, { replyId: 0x1003 });
    if (result.ok || result.code !== 'commandTimeout') return;
  }
}
