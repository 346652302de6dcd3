import type { MenuCommand } from './contract.ts';

export type MenuLanguage = 'en' | 'zh';

/** An entry in the shape that Electron's Menu.buildFromTemplate takes. */
export interface MenuEntry {
  id?: string;
  label?: string;
  role?:
    | 'about'
    | 'appMenu'
    | 'editMenu'
    | 'windowMenu'
    | 'minimize'
    | 'quit'
    | 'resetZoom'
    | 'zoomIn'
    | 'zoomOut'
    | 'togglefullscreen';
  type?: 'separator' | 'normal' | 'checkbox';
  accelerator?: string;
  /** False: shown, and left to the page. Not known on a Mac. */
  registerAccelerator?: boolean;
  checked?: boolean;
  enabled?: boolean;
  click?: () => void;
  submenu?: MenuEntry[];
}

export interface MenuState {
  language: MenuLanguage;
  platform: NodeJS.Platform;
  simulatorRunning: boolean;
  /** Address of the open web door, else empty. */
  webAddress: string;
}

export interface MenuActions {
  command(command: MenuCommand): void;
  toggleSimulator(): void;
  openWebDoor(): void;
  openDataFolder(): void;
  openLogFolder(): void;
}

const words = {
  en: {
    program: 'Convoy',
    settings: 'Settings…',
    simulatorStart: 'Start the simulator',
    simulatorStop: 'Stop the simulator',
    webOpen: 'Open the web door: ',
    webOff: 'Web door is off (Settings)',
    dataFolder: 'Data folder',
    logFolder: 'Log folder',
    quit: 'Quit',
    edit: 'Edit',
    view: 'View',
    one: '1 camera',
    four: '4 cameras',
    nine: '9 cameras',
    sixteen: '16 cameras',
    search: 'Find a vehicle',
    live: 'Live',
    archive: 'Archive',
    alarms: 'Alarms',
    map: 'Map',
    plans: 'Recording plans…',
    transfers: 'Transfers…',
    usage: 'Data use…',
    stats: 'Figures on the tiles',
    fullScreen: 'Full screen',
    zoomIn: 'Larger text',
    zoomOut: 'Smaller text',
    zoomReset: 'Normal text',
    help: 'Help',
    keys: 'Keys',
    diagnostics: 'Diagnostics',
    about: 'About Convoy',
  },
  zh: {
    program: 'Convoy',
    settings: '设置…',
    simulatorStart: '启动模拟车队',
    simulatorStop: '停止模拟车队',
    webOpen: '打开网页端：',
    webOff: '网页端未开启（见设置）',
    dataFolder: '数据文件夹',
    logFolder: '日志文件夹',
    quit: '退出',
    edit: '编辑',
    view: '视图',
    one: '1 画面',
    four: '4 画面',
    nine: '9 画面',
    sixteen: '16 画面',
    search: '查找车辆',
    live: '实时',
    archive: '回放',
    alarms: '报警',
    map: '地图',
    plans: '录像计划…',
    transfers: '传输…',
    usage: '流量…',
    stats: '画面参数',
    fullScreen: '全屏',
    zoomIn: '放大文字',
    zoomOut: '缩小文字',
    zoomReset: '正常文字',
    help: '帮助',
    keys: '快捷键',
    diagnostics: '诊断',
    about: '关于 Convoy',
  },
} as const satisfies Record<MenuLanguage, Record<string, string>>;

/** The application's menu. Built anew whenever `state` changes. */
export function menuTemplate(state: MenuState, actions: MenuActions): MenuEntry[] {
  const word = words[state.language];
  const command = (label: string, name: MenuCommand, accelerator?: string): MenuEntry => ({
    id: name,
    label,
    ...(accelerator && { accelerator }),
    click: () => actions.command(name),
  });
  /** The page's own key, which a field must go on taking as a letter: shown only where the shell leaves it to the page. */
  const keyed = (label: string, name: MenuCommand, key: string): MenuEntry =>
    state.platform === 'darwin' ? command(label, name) : { ...command(label, name, key), registerAccelerator: false };
  const separator: MenuEntry = { type: 'separator' };
  const program: MenuEntry[] = [
    command(word.settings, 'settings', 'CmdOrCtrl+,'),
    keyed(word.plans, 'plans', 'Shift+R'),
    keyed(word.transfers, 'transfers', 'Shift+N'),
    keyed(word.usage, 'usage', 'Shift+D'),
    separator,
    {
      id: 'simulator',
      label: state.simulatorRunning ? word.simulatorStop : word.simulatorStart,
      accelerator: 'CmdOrCtrl+Shift+D',
      click: actions.toggleSimulator,
    },
    state.webAddress
      ? { id: 'webDoor', label: word.webOpen + state.webAddress, click: actions.openWebDoor }
      : { id: 'webDoor', label: word.webOff, click: () => actions.command('settings') },
    separator,
    { id: 'dataFolder', label: word.dataFolder, click: actions.openDataFolder },
    { id: 'logFolder', label: word.logFolder, click: actions.openLogFolder },
    separator,
    { id: 'quit', label: word.quit, role: 'quit' },
  ];
  const view: MenuEntry[] = [
    keyed(word.live, 'live', 'Shift+C'),
    keyed(word.archive, 'archive', 'Shift+B'),
    keyed(word.map, 'map', 'Shift+P'),
    keyed(word.alarms, 'alarms', 'Shift+A'),
    separator,
    command(word.one, 'layout1', 'CmdOrCtrl+1'),
    command(word.four, 'layout4', 'CmdOrCtrl+2'),
    command(word.nine, 'layout9', 'CmdOrCtrl+3'),
    command(word.sixteen, 'layout16', 'CmdOrCtrl+4'),
    separator,
    command(word.search, 'search', 'CmdOrCtrl+K'),
    command(word.stats, 'toggleStats', 'CmdOrCtrl+I'),
    separator,
    { label: word.zoomIn, role: 'zoomIn' },
    { label: word.zoomOut, role: 'zoomOut' },
    { label: word.zoomReset, role: 'resetZoom' },
    separator,
    { label: word.fullScreen, role: 'togglefullscreen' },
  ];
  const help: MenuEntry[] = [
    command(word.keys, 'keys', 'F1'),
    command(word.diagnostics, 'diagnostics', 'CmdOrCtrl+Shift+I'),
    separator,
    command(word.about, 'about'),
  ];
  return [
    { label: word.program, submenu: program },
    { label: word.edit, role: 'editMenu' },
    { label: word.view, submenu: view },
    { label: word.help, submenu: help },
  ];
}
