import { createContext, useContext, useLayoutEffect, useRef } from 'react';
import type { Operations } from './operations.ts';
import type { Station } from './station.ts';

export const StationContext = createContext<Station | undefined>(undefined);

export function useStation(): Station {
  const station = useContext(StationContext);
  if (!station) throw new Error('a console component outside its station');
  return station;
}

/** Text that ages: written to the page twice a second, without React. */
export function Ticking({ text, className, testId }: { text(): string; className?: string; testId?: string }) {
  const { ticker } = useStation();
  const element = useRef<HTMLSpanElement>(null);
  const latest = useRef(text);
  latest.current = text;
  useLayoutEffect(() => {
    const write = (): void => {
      const target = element.current;
      const value = latest.current();
      if (target && target.textContent !== value) target.textContent = value;
    };
    return ticker.add(write);
  }, [ticker]);
  useLayoutEffect(() => {
    if (element.current) element.current.textContent = text();
  });
  return <span ref={element} className={className} data-testid={testId} />;
}

export const OperationsContext = createContext<Operations | undefined>(undefined);

export function useOperations(): Operations {
  const operations = useContext(OperationsContext);
  if (!operations) throw new Error('a console component outside its station');
  return operations;
}
