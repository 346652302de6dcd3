/** 车辆位置。 */
export const map = {
  map: {
    title: '地图',
    all: '显示全部',
    count_one: '{{of}} 辆车中 {{count}} 辆已上报位置',
    count_other: '{{of}} 辆车中 {{count}} 辆已上报位置',
    loading: '正在加载地图…',
    failed: '此页面无法绘制地图：没有 WebGL。位置见车辆列表与信息卡。',
    speed: '时速 {{value}} km/h',
    noPlace: '此刻没有位置',
  },
};
