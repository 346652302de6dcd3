import type { Words } from '../dictionary.ts';
import { alarms } from './alarms.ts';
import { archive } from './archive.ts';
import { chrome } from './chrome.ts';
import { dialogs } from './dialogs.ts';
import { doctor } from './doctor.ts';
import { errors } from './errors.ts';
import { fleet } from './fleet.ts';
import { hearing } from './hearing.ts';
import { map } from './map.ts';
import { notices } from './notices.ts';
import { orders } from './orders.ts';
import { settings } from './settings.ts';
import { steer } from './steer.ts';
import { talk } from './talk.ts';
import { trace } from './trace.ts';
import { transfers } from './transfers.ts';
import { vehicleStorage } from './vehicle-storage.ts';
import { wall } from './wall.ts';

export const zh: Words = {
  ...chrome,
  ...wall,
  ...fleet,
  ...errors,
  ...notices,
  ...settings,
  ...dialogs,
  ...archive,
  ...alarms,
  ...hearing,
  ...talk,
  ...steer,
  ...orders,
  ...map,
  ...doctor,
  ...trace,
  ...transfers,
  ...vehicleStorage,
};
