import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStation } from '../StationContext.tsx';
import type { Camera } from './arrangement.ts';
import { figureRows } from './figures.ts';

/** Every figure of the player, over the picture; written twice a second without React. */
export function TileFigures({ camera, askedAt }: { camera: Camera; askedAt: number }) {
  const { pool, ticker } = useStation();
  const { t } = useTranslation();
  const table = useRef<HTMLTableSectionElement>(null);
  const { vehicleId, channel } = camera;
  useLayoutEffect(
    () =>
      ticker.add(() => {
        const body = table.current;
        const snapshot = pool.snapshot({ vehicleId, channel });
        if (!body) return;
        const rows = snapshot ? figureRows(snapshot, askedAt, t) : [];
        while (body.rows.length > rows.length) body.deleteRow(-1);
        rows.forEach(([name, value], i) => {
          const row = body.rows[i] ?? body.insertRow();
          write(row.cells[0] ?? row.insertCell(), name);
          write(row.cells[1] ?? row.insertCell(), value);
        });
      }),
    [pool, ticker, t, vehicleId, channel, askedAt],
  );
  return (
    <table className="tile-stats" data-testid="stats">
      <tbody ref={table} />
    </table>
  );
}

function write(cell: HTMLElement, text: string): void {
  if (cell.textContent !== text) cell.textContent = text;
}
