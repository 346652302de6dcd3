import { useLayoutEffect, useRef } from 'react';
import { useStation } from '../StationContext.tsx';
import type { Camera } from './arrangement.ts';

/** Mounts the camera's stage; the players in it are none of React's business. */
export function PictureHost({ camera }: { camera: Camera }) {
  const { pool } = useStation();
  const host = useRef<HTMLDivElement>(null);
  const { vehicleId, channel } = camera;
  useLayoutEffect(() => {
    host.current?.replaceChildren(pool.stage({ vehicleId, channel }).element);
  }, [pool, vehicleId, channel]);
  return <div ref={host} className="tile-picture" />;
}
