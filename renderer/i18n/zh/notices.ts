/** What the server tells operators; `params` of a notice fill the braces. */
export const notices = {
  notice: {
    vehicleOnline: '上线',
    vehicleOffline: '离线',
    unknown: '{{text}}',
  },
};
