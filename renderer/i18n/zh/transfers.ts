import type { transfers as en } from '../en/transfers.ts';

export const transfers: typeof en = {
  transfers: {
    title: '车辆上传的文件',
    menu: '车辆上传的文件…',
    what: '与车辆上存储的文件相同，可在此保存；删除任务会删除其文件。',
    none: '尚未上传文件。请在录像页选定时段，打开“车载存储”，再点“上传文件”。',
    start: '上传文件',
    status_one: '{{count}} 个上传任务',
    status_other: '{{count}} 个上传任务',
    progress: '已上传的比例',
    sizeOf: '{{size}} / {{of}}',
    left: '剩余 {{time}}',
    phase: {
      asked: '正在向车辆请求',
      accepted: '车辆已同意，等待文件',
      cancelled: '已取消，已传来的内容已删除',
    },
    offline: '等待中：车辆离线 · {{size}}',
    paused: '已暂停 · {{size}}',
    pausedFor: '已暂停：{{reason}} · {{size}}',
    done: '已完成 · {{size}}',
    failed: '失败：{{reason}}',
    pause: '暂停',
    resume: '继续',
    again: '重试',
    cancel: '取消',
    cancelYes: '删除已传来的内容',
    remove: '删除',
    removeYes: '删除文件',
    keep: '保留',
  },
};
