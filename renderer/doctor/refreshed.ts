import { useEffect, useState } from 'react';
import type { Method, Result, Rpc } from '../../electron/contract.ts';
import { useStation } from '../StationContext.tsx';

/** Asks the server now and every so often, for what is shown while it changes. @param ms between an answer and the next */
export function useRefreshed<M extends Method>(
  method: M,
  args: Rpc[M]['args'],
  ms: number,
): Result<Rpc[M]['value']> | undefined {
  const { link } = useStation();
  const [answer, setAnswer] = useState<Result<Rpc[M]['value']>>();
  const key = JSON.stringify(args);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const found = await link.call(method, JSON.parse(key) as Rpc[M]['args']);
      if (isOver) return;
      setAnswer(found);
      timer = setTimeout(() => void ask(), ms);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [link, method, key, ms]);
  return answer;
}
