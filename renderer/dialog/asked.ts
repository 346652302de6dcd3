import { useCallback, useEffect, useState } from 'react';
import type { ErrorCode, Method, Result, Rpc } from '../../electron/contract.ts';
import { useStation } from '../StationContext.tsx';

export type Asked<T> = { state: 'asking' } | { state: 'failed'; code: ErrorCode } | { state: 'known'; value: T };

/** Asks the server once when shown, and again on `ask`; `take` puts in a newer value that came another way. */
export function useAsked<M extends Method>(
  method: M,
): { asked: Asked<Rpc[M]['value']>; ask(): void; take(value: Rpc[M]['value']): void } {
  const { link } = useStation();
  const [asked, setAsked] = useState<Asked<Rpc[M]['value']>>({ state: 'asking' });
  const ask = useCallback(() => {
    let wanted = true;
    void link.call(method, {} as Rpc[M]['args']).then((result: Result<Rpc[M]['value']>) => {
      if (wanted)
        setAsked(result.ok ? { state: 'known', value: result.value } : { state: 'failed', code: result.code });
    });
    return () => {
      wanted = false;
    };
  }, [link, method]);
  useEffect(ask, [ask]);
  return { asked, ask: () => void ask(), take: value => setAsked({ state: 'known', value }) };
}
