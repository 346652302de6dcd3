/** 摄像头声音。 */
export const hearing = {
  ear: {
    opening: '正在打开声音…',
    heard: '正在收听',
    silent: '该摄像头未发送声音。',
    away: '无声音：码流未运行。',
    unsupported: '此处无法播放 {{codec}} 声音。',
    broken: '声音无法解码（{{codec}}）。',
    refused: '声音被拒绝：{{reason}}。',
    disconnected: '无声音：未连接到服务器。',
    resting: '显示录像期间暂停实时声音。',
    deaf: '本机无法播放声音。',
    blocked: '点击任意处以收听',
  },
  hearing: {
    stop: '停止收听',
    pin: '与其他画面同时收听',
    unpin: '取消固定收听',
    level: '音量电平',
    mute: '全部静音',
    unmute: '已静音，点击恢复',
    nothing: '未收听任何画面。选中画面后按 H。',
    playing: '正在收听 {{names}}',
    play: '{{reading}} · {{delay}} 毫秒',
    volume: '音量',
    volumeHelp: '收听摄像头时的音量。',
  },
};
