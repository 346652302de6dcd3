/** What operators are told; `params` of a notice fill the braces. The first ones are told by the console itself. */
export const notices = {
  notice: {
    vehicleOnline: '上线',
    vehicleOffline: '离线',
    vehicleNew: '请求准入',
    vehicleAlarm: '{{words}}',
    streamLost: '通道 {{channel}}：画面中断',
    streamRefused: '通道 {{channel}}：{{reason}}',
    portNotOpen: '{{protocol}} 端口 {{port}} 未能打开：{{reason}}。将继续尝试。',
    settingRejected: '设置 {{key}} 超出范围，已使用默认值。',
    storeDamaged: '损坏的文件已另存：{{file}}',
    storeUnwritable: '无法写入：{{file}}。{{reason}}',
    recordingFailed: '录像无法写入磁盘：{{reason}}。{{folder}}',
    recordingResumed: '录像已恢复写入磁盘。{{folder}}',
    recordingsMended: '已修复中断的录像：{{count}} 个',
    recordingsMissing: '文件已丢失的录像：{{count}} 个',
    recordingsFound: '在磁盘上找到并重新登记的录像：{{count}} 个',
    catalogueUnavailable: '录像目录无法使用：{{reason}}',
    plansUnreadable: '录像计划无法读取：{{reason}}',
    storeWrittenAgain: '已恢复写入：{{file}}',
    unknown: '{{text}}',
  },
};
