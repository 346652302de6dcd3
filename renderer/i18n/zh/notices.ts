/** What operators are told; `params` of a notice fill the braces. The first ones are told by the console itself. */
export const notices = {
  notice: {
    vehicleOnline: '上线',
    vehicleOffline: '离线',
    vehicleNew: '请求准入',
    vehicleAlarm: '{{words}}',
    streamLost: '通道 {{channel}}：画面中断',
    streamRefused: '通道 {{channel}}：{{reason}}',
    registeredElsewhere: '{{vehicle}} 在线时，{{address}} 以同一终端注册：可能是网络切换，也可能是冒用。',
    portNotOpen: '{{protocol}} 端口 {{port}} 未能打开：{{reason}}。将继续尝试。',
    settingRejected: '设置 {{key}} 超出范围，已使用默认值。',
    storeDamaged: '损坏的文件已另存：{{file}}',
    storeUnwritable: '无法写入：{{file}}。{{reason}}',
    storeWrittenAgain: '已恢复写入：{{file}}',
    unknown: '{{text}}',
  },
};
