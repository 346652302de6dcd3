import { archive } from './archive.ts';
import { chrome } from './chrome.ts';
import { dialogs } from './dialogs.ts';
import { errors } from './errors.ts';
import { fleet } from './fleet.ts';
import { notices } from './notices.ts';
import { settings } from './settings.ts';
import { wall } from './wall.ts';

export const en = { ...chrome, ...wall, ...fleet, ...errors, ...notices, ...settings, ...dialogs, ...archive };
