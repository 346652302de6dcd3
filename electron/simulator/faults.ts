/** What goes wrong on purpose. Percentages are 0 to 100 and are drawn per packet or message; all may change at run time. */
export interface Faults {
  /** Incidents (emergency, fatigue, a covered camera …) of one vehicle an hour, on average; also with `terminal.raise`. */
  alarmsPerHour: number;
  /** Media packets that are numbered but never sent, over UDP and TCP alike. */
  lossPercent: number;
  /** Media packets that are sent after the one that follows them. */
  reorderPercent: number;
  /** Media packets that are sent twice. */
  duplicatePercent: number;
  /** Media frames are held back for a random time up to this many ms, in their order. */
  jitterMs: number;
  /** Media packets that random bytes go out before: in the same TCP stream, or as a datagram of their own. */
  mediaGarbagePercent: number;
  /** 808 messages that random bytes go out before. */
  signalGarbagePercent: number;
  /** Streams begin in the middle of a group of pictures. */
  beginsWithP: boolean;
  /** Reads what the platform asks and stays silent; registers, beats and reports all the same. */
  neverAnswers: boolean;
  /** Answers 0x9101 with "failed". */
  refusesStreams: boolean;
  /** Answers 0x9101 for talk, monitor and broadcast with "failed". */
  refusesTalk: boolean;
  /** Says yes to these and opens no connection. */
  neverConnectsTalk: boolean;
  /** Neither answers 0x9101 nor obeys it; everything else as ever. */
  ignoresStreams: boolean;
  /** Media packets carry another SIM than the 808 header: its last digit is 9 more, modulo 10. */
  wrongSim: boolean;
  /** Port that media is sent to instead of the one that 0x9101 named; 0: none. */
  mediaPort: number;
  /** Media packets name a channel so much higher than the one that was asked for. */
  channelShift: number;
  /** Answers 0x9205 with nothing. */
  storageNeverAnswers: boolean;
  /** Sends its list of recordings twice. */
  storageAnswersTwice: boolean;
  /** Its list of recordings names another serial than the search's. */
  storageWrongSerial: boolean;
  /** Sub-packages of a message go out last first. */
  partsReversed: boolean;
  /** The last sub-package of a message is never sent, however often it is asked for. */
  lastPartMissing: boolean;
  /** Every third sub-package is sent only when it is asked for again (0x8003). */
  partsLost: boolean;
  /** Answers 0x9201 with "failed". */
  refusesPlayback: boolean;
  /** Answers 0x9206 with "failed". */
  refusesUpload: boolean;
  /** Logs in to the FTP server with another password. */
  wrongUploadPassword: boolean;
  /** Uploads beside its folder: `../../x.h264`. */
  uploadsOutside: boolean;
  /** Its FTP connection breaks after half of a file, and it says (0x1206) that it failed. */
  uploadStopsHalfWay: boolean;
  /** Brings half of a file, and then nothing more. */
  uploadNeverEnds: boolean;
  /** Key frames are left out. */
  withoutKeyFrames: boolean;
  /** Payload type of JT/T 1078 table 12 that pictures claim to have; 0: the true one. */
  videoPayloadType: number;
}

export const noFaults: Faults = {
  alarmsPerHour: 0,
  lossPercent: 0,
  reorderPercent: 0,
  duplicatePercent: 0,
  jitterMs: 0,
  mediaGarbagePercent: 0,
  signalGarbagePercent: 0,
  beginsWithP: false,
  neverAnswers: false,
  refusesStreams: false,
  refusesTalk: false,
  neverConnectsTalk: false,
  ignoresStreams: false,
  wrongSim: false,
  mediaPort: 0,
  channelShift: 0,
  storageNeverAnswers: false,
  storageAnswersTwice: false,
  storageWrongSerial: false,
  partsReversed: false,
  lastPartMissing: false,
  partsLost: false,
  refusesPlayback: false,
  refusesUpload: false,
  wrongUploadPassword: false,
  uploadsOutside: false,
  uploadStopsHalfWay: false,
  uploadNeverEnds: false,
  withoutKeyFrames: false,
  videoPayloadType: 0,
};
