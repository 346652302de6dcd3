import type { en } from '../i18n/en/words.ts';
import type { Operations } from '../operations.ts';

export type CommandId = keyof typeof en.command;
export const commandSections = ['wall', 'tile', 'review', 'archive', 'alarms', 'vehicle', 'fleet', 'desk'] as const;
export type CommandSection = (typeof commandSections)[number];

/** What has the keys: the wall, a tile that is paused or rewound, the archive. */
export type CommandPlace = 'live' | 'review' | 'archive' | 'vehicle' | 'alarms';

export interface Command {
  id: CommandId;
  section: CommandSection;
  /** As `keyName` writes them. */
  keys: readonly string[];
  /** Where its keys hold; everywhere when absent. */
  place?: CommandPlace;
  /** Absent for what the vehicle list does itself with a key while it has the cursor. */
  run?: (operations: Operations) => void;
  /** For what lasts while its key is held. */
  release?: (operations: Operations) => void;
}

/** Every action, its keys and what it does; the key sheet prints this table. */
export const commands: readonly Command[] = [
  { id: 'layout1', section: 'wall', place: 'live', keys: ['1'], run: o => o.setLayout(1) },
  { id: 'layout4', section: 'wall', place: 'live', keys: ['2'], run: o => o.setLayout(4) },
  { id: 'layout9', section: 'wall', place: 'live', keys: ['3'], run: o => o.setLayout(9) },
  { id: 'layout16', section: 'wall', place: 'live', keys: ['4'], run: o => o.setLayout(16) },
  { id: 'focusLeft', section: 'wall', place: 'live', keys: ['ArrowLeft'], run: o => o.moveFocus('left') },
  { id: 'focusRight', section: 'wall', place: 'live', keys: ['ArrowRight'], run: o => o.moveFocus('right') },
  { id: 'focusUp', section: 'wall', place: 'live', keys: ['ArrowUp'], run: o => o.moveFocus('up') },
  { id: 'focusDown', section: 'wall', place: 'live', keys: ['ArrowDown'], run: o => o.moveFocus('down') },
  { id: 'fit', section: 'wall', place: 'live', keys: ['z'], run: o => o.nextFit() },
  { id: 'toggleStats', section: 'wall', place: 'live', keys: ['i'], run: o => o.toggleFigures() },
  { id: 'fullScreen', section: 'wall', keys: ['f', 'F11'], run: o => o.toggleFullScreen() },
  { id: 'clearAll', section: 'wall', place: 'live', keys: ['Shift+Delete'], run: o => o.clearAll() },
  { id: 'maximise', section: 'tile', place: 'live', keys: ['Enter'], run: o => o.toggleMaximise() },
  { id: 'restore', section: 'tile', place: 'live', keys: ['Escape'], run: o => o.restore() },
  { id: 'moveLeft', section: 'tile', place: 'live', keys: ['Shift+ArrowLeft'], run: o => o.moveTile('left') },
  { id: 'moveRight', section: 'tile', place: 'live', keys: ['Shift+ArrowRight'], run: o => o.moveTile('right') },
  { id: 'moveUp', section: 'tile', place: 'live', keys: ['Shift+ArrowUp'], run: o => o.moveTile('up') },
  { id: 'moveDown', section: 'tile', place: 'live', keys: ['Shift+ArrowDown'], run: o => o.moveTile('down') },
  { id: 'snapshot', section: 'tile', place: 'live', keys: ['s'], run: o => void o.saveStill() },
  { id: 'copyFigures', section: 'tile', place: 'live', keys: ['c'], run: o => void o.copyFigures() },
  { id: 'why', section: 'tile', place: 'live', keys: ['w'], run: o => o.doctor.openTile() },
  { id: 'listen', section: 'tile', place: 'live', keys: ['h'], run: o => o.hearing.listen() },
  { id: 'pinSound', section: 'tile', place: 'live', keys: ['Shift+h'], run: o => o.hearing.pin() },
  {
    id: 'talk',
    section: 'tile',
    place: 'live',
    keys: ['t'],
    run: o => o.talk.press(),
    release: o => o.talk.release(),
  },
  { id: 'monitor', section: 'tile', place: 'live', keys: ['u'], run: o => o.talk.monitor() },
  { id: 'text', section: 'tile', place: 'live', keys: ['x'], run: o => o.talk.openText() },
  { id: 'broadcast', section: 'desk', place: 'live', keys: ['Shift+t'], run: o => o.talk.openBroadcast() },
  { id: 'clear', section: 'tile', place: 'live', keys: ['Delete', 'Backspace'], run: o => o.clear() },
  { id: 'record', section: 'tile', place: 'live', keys: ['r'], run: o => void o.recording.toggle() },
  { id: 'pause', section: 'tile', place: 'live', keys: [' '], run: o => void o.recording.pause() },
  { id: 'reviewPlay', section: 'review', place: 'review', keys: [' '], run: o => void o.recording.pause() },
  { id: 'reviewBack', section: 'review', place: 'review', keys: ['ArrowLeft'], run: o => o.recording.rewind(-1) },
  { id: 'reviewOn', section: 'review', place: 'review', keys: ['ArrowRight'], run: o => o.recording.rewind(1) },
  {
    id: 'reviewFrameBack',
    section: 'review',
    place: 'review',
    keys: ['Shift+ArrowLeft'],
    run: o => o.recording.step(-1),
  },
  {
    id: 'reviewFrameOn',
    section: 'review',
    place: 'review',
    keys: ['Shift+ArrowRight'],
    run: o => o.recording.step(1),
  },
  { id: 'reviewLive', section: 'review', place: 'review', keys: ['End'], run: o => o.recording.live() },
  { id: 'play', section: 'archive', place: 'archive', keys: [' '], run: o => o.archive.togglePlaying() },
  { id: 'frameBack', section: 'archive', place: 'archive', keys: ['ArrowLeft'], run: o => o.archive.step(-1) },
  { id: 'frameOn', section: 'archive', place: 'archive', keys: ['ArrowRight'], run: o => o.archive.step(1) },
  {
    id: 'secondsBack',
    section: 'archive',
    place: 'archive',
    keys: ['Shift+ArrowLeft'],
    run: o => o.archive.move(-10_000),
  },
  {
    id: 'secondsOn',
    section: 'archive',
    place: 'archive',
    keys: ['Shift+ArrowRight'],
    run: o => o.archive.move(10_000),
  },
  { id: 'slower', section: 'archive', place: 'archive', keys: ['['], run: o => o.archive.changeRate(-1) },
  { id: 'faster', section: 'archive', place: 'archive', keys: [']'], run: o => o.archive.changeRate(1) },
  { id: 'gapOn', section: 'archive', place: 'archive', keys: ['g'], run: o => o.archive.jumpGap(1) },
  { id: 'gapBack', section: 'archive', place: 'archive', keys: ['Shift+g'], run: o => o.archive.jumpGap(-1) },
  { id: 'eventOn', section: 'archive', place: 'archive', keys: ['e'], run: o => o.archive.jumpEvent(1) },
  { id: 'eventBack', section: 'archive', place: 'archive', keys: ['Shift+e'], run: o => o.archive.jumpEvent(-1) },
  { id: 'paneOn', section: 'archive', place: 'archive', keys: ['ArrowDown'], run: o => o.archive.moveFocus(1) },
  { id: 'paneBack', section: 'archive', place: 'archive', keys: ['ArrowUp'], run: o => o.archive.moveFocus(-1) },
  { id: 'paneListen', section: 'archive', place: 'archive', keys: ['h'], run: o => o.archive.listen() },
  { id: 'enlarge', section: 'archive', place: 'archive', keys: ['Enter'], run: o => o.archive.toggleEnlarged() },
  { id: 'timeIn', section: 'archive', place: 'archive', keys: ['+', '='], run: o => o.archive.zoom(0.5) },
  { id: 'timeOut', section: 'archive', place: 'archive', keys: ['-'], run: o => o.archive.zoom(2) },
  { id: 'markFrom', section: 'archive', place: 'archive', keys: ['i'], run: o => o.archive.mark('from') },
  { id: 'markTo', section: 'archive', place: 'archive', keys: ['o'], run: o => o.archive.mark('to') },
  { id: 'unmark', section: 'archive', place: 'archive', keys: ['Escape'], run: o => o.archive.escape() },
  { id: 'keep', section: 'archive', place: 'archive', keys: ['b'], run: o => o.archive.askKeep() },
  { id: 'export', section: 'archive', place: 'archive', keys: ['x'], run: o => o.archive.askExport() },
  { id: 'still', section: 'archive', place: 'archive', keys: ['s'], run: o => void o.archive.saveStills(false) },
  { id: 'stills', section: 'archive', place: 'archive', keys: ['Shift+s'], run: o => void o.archive.saveStills(true) },
  { id: 'dayBack', section: 'archive', place: 'archive', keys: ['PageUp'], run: o => o.archive.changeDay(-1) },
  { id: 'dayOn', section: 'archive', place: 'archive', keys: ['PageDown'], run: o => o.archive.changeDay(1) },
  { id: 'today', section: 'archive', place: 'archive', keys: ['Home'], run: o => o.archive.today() },
  { id: 'storage', section: 'vehicle', place: 'archive', keys: ['y'], run: o => o.vehicle.toggle() },
  { id: 'storagePlay', section: 'vehicle', place: 'archive', keys: ['Shift+y'], run: o => o.vehicle.playHere() },
  { id: 'storageFetch', section: 'vehicle', place: 'archive', keys: ['u'], run: o => void o.vehicle.fetch() },
  { id: 'storageAgain', section: 'vehicle', place: 'archive', keys: ['Shift+u'], run: o => o.vehicle.refresh() },
  { id: 'vehiclePause', section: 'vehicle', place: 'vehicle', keys: [' '], run: o => o.vehicle.togglePause() },
  { id: 'vehicleBack', section: 'vehicle', place: 'vehicle', keys: ['ArrowLeft'], run: o => o.vehicle.move(-10_000) },
  { id: 'vehicleOn', section: 'vehicle', place: 'vehicle', keys: ['ArrowRight'], run: o => o.vehicle.move(10_000) },
  { id: 'vehicleSlower', section: 'vehicle', place: 'vehicle', keys: ['['], run: o => o.vehicle.changeSpeed(-1) },
  { id: 'vehicleFaster', section: 'vehicle', place: 'vehicle', keys: [']'], run: o => o.vehicle.changeSpeed(1) },
  { id: 'vehicleKeys', section: 'vehicle', place: 'vehicle', keys: ['k'], run: o => o.vehicle.keyFrames() },
  { id: 'vehicleRewind', section: 'vehicle', place: 'vehicle', keys: ['j'], run: o => o.vehicle.rewind() },
  { id: 'vehicleEnd', section: 'vehicle', place: 'vehicle', keys: ['Escape'], run: o => o.vehicle.stop() },
  { id: 'alarmUp', section: 'alarms', place: 'alarms', keys: ['ArrowUp', 'ArrowLeft'], run: o => o.alarms.move(-1) },
  {
    id: 'alarmDown',
    section: 'alarms',
    place: 'alarms',
    keys: ['ArrowDown', 'ArrowRight'],
    run: o => o.alarms.move(1),
  },
  { id: 'alarmConfirm', section: 'alarms', place: 'alarms', keys: ['c'], run: o => void o.alarms.confirm() },
  { id: 'alarmLive', section: 'alarms', place: 'alarms', keys: ['Enter'], run: o => o.alarms.live() },
  { id: 'alarmArchive', section: 'alarms', place: 'alarms', keys: ['e'], run: o => void o.alarms.archive() },
  { id: 'alarmView', section: 'alarms', place: 'alarms', keys: ['Shift+v'], run: o => o.alarms.nextView() },
  { id: 'alarmOpenOnly', section: 'alarms', place: 'alarms', keys: ['u'], run: o => o.alarms.toggleOpenOnly() },
  { id: 'alarmLevel', section: 'alarms', place: 'alarms', keys: ['1'], run: o => o.alarms.toggleLevel('error') },
  {
    id: 'alarmLevelWarning',
    section: 'alarms',
    place: 'alarms',
    keys: ['2'],
    run: o => o.alarms.toggleLevel('warning'),
  },
  { id: 'alarmLevelDevice', section: 'alarms', place: 'alarms', keys: ['3'], run: o => o.alarms.toggleLevel('info') },
  { id: 'pictureTake', section: 'alarms', place: 'alarms', keys: ['p'], run: o => void o.alarms.takePicture() },
  { id: 'alarmEscape', section: 'alarms', place: 'alarms', keys: ['Escape'], run: o => o.alarms.escape() },
  { id: 'search', section: 'fleet', place: 'live', keys: ['/', 'Ctrl+k'], run: o => o.search() },
  { id: 'rowUp', section: 'fleet', keys: ['ArrowUp'] },
  { id: 'rowDown', section: 'fleet', keys: ['ArrowDown'] },
  { id: 'rowOpen', section: 'fleet', keys: ['ArrowRight'] },
  { id: 'rowClose', section: 'fleet', keys: ['ArrowLeft'] },
  { id: 'rowPlace', section: 'fleet', keys: ['Enter'] },
  { id: 'rowProperties', section: 'fleet', keys: ['p'] },
  { id: 'trace', section: 'fleet', place: 'live', keys: ['k'], run: o => o.trace.open() },
  { id: 'fleetToggle', section: 'desk', place: 'live', keys: ['b'], run: o => o.toggleFleet() },
  { id: 'rail', section: 'desk', place: 'live', keys: ['n'], run: o => o.toggleRail() },
  { id: 'page', section: 'desk', keys: ['v'], run: o => o.togglePage() },
  { id: 'mute', section: 'desk', keys: ['m'], run: o => o.hearing.mute() },
  { id: 'alarmsPage', section: 'desk', keys: ['Shift+a'], run: o => o.openPage('alarms') },
  { id: 'plans', section: 'desk', keys: ['Shift+r'], run: o => o.openDialog('plans') },
  { id: 'settings', section: 'desk', keys: [',', 'Ctrl+,'], run: o => o.openDialog('settings') },
  { id: 'diagnostics', section: 'desk', keys: ['d'], run: o => o.openDialog('diagnostics') },
  { id: 'usage', section: 'desk', keys: ['Shift+d'], run: o => o.openDialog('usage') },
  { id: 'simulator', section: 'desk', keys: ['Shift+m'], run: o => void o.toggleSimulator() },
  { id: 'language', section: 'desk', keys: ['l'], run: o => o.nextLanguage() },
  { id: 'about', section: 'desk', keys: ['a'], run: o => o.openDialog('about') },
  { id: 'keys', section: 'desk', keys: ['?', 'F1'], run: o => o.openDialog('keys') },
];

/** The command that a key runs where no list and no field has it; a paused tile leaves the wall the keys it does not use. */
export function commandForKey(name: string, place: CommandPlace = 'live'): Command | undefined {
  const runs = commands.filter(command => command.run && command.keys.includes(name));
  return (
    runs.find(command => command.place === place) ??
    (place === 'review' ? runs.find(command => command.place === 'live') : undefined) ??
    (place === 'vehicle' ? runs.find(command => command.place === 'archive') : undefined) ??
    runs.find(command => !command.place)
  );
}
