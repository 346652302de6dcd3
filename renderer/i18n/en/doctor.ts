/** The connection doctor and data use. Params of a cause come from the server. */
export const doctor = {
  doctor: {
    titleVehicle: 'Connection of {{plate}}',
    titleCamera: 'Why is it black? {{plate}}, {{channel}}',
    why: 'Why?',
    whyOf: 'Why {{id}}?',
    vehicle: 'Vehicle',
    camera: 'Camera',
    cameras: 'Cameras',
    copy: 'Copy as text',
    copied: 'Report of the connection doctor',
    peers: 'Unknown connections',
    peersTitle: 'Connections that are no vehicle’s',
    peersHelp: 'Peers of the vehicle ports that were not let in, said nothing, or spoke something else.',
    noPeers: 'Everything that connected is a vehicle.',
    refusals: 'Media that was not taken',
    well: 'Every step was done.',
    stopsAt: 'It stops at: {{step}}',
    waitsFor: 'Waiting for: {{step}}',
    bytes: 'Bytes',
    asked: 'as of {{time}}',
    setting: 'Setting: {{name}}',
    admit: 'Admit the vehicle',
    properties: 'Vehicle properties',
    watch: 'Put it on the wall',
    packets: '{{count}} packets, last {{time}}',
    closed: 'closed {{time}}',
    open: 'open',
    notWithin: 'not within {{time}}',
    times: '{{count}} times',
    port: 'port {{port}}',
    state: { done: 'done', waiting: 'waiting', failed: 'failed', skipped: 'not needed' },
    step: {
      listening: 'Ports open',
      connected: 'Vehicle connected',
      firstBytes: 'First bytes',
      registered: 'Registered',
      authenticated: 'Authenticated',
      capabilities: 'Capabilities',
      commandSent: '0x9101 sent',
      acknowledged: '0x9101 acknowledged',
      mediaConnected: 'Media connection',
      firstPacket: 'First packet',
      simMatches: 'SIM and channel match',
      payloadTypes: 'Payload types',
      firstKeyFrame: 'First key frame',
      resolution: 'Resolution',
      firstPicture: 'First picture',
    },
    cause: {
      portClosed:
        '{{protocol}} port {{port}} is not open: {{reason}}. Another program may hold it; end that one, or choose another port here and in the vehicles.',
      neverConnected:
        'Nothing ever came from this vehicle since the start. At the vehicle: server address and port {{port}}, APN and SIM card, antenna. Here: firewall and router must let TCP {{port}} and TCP and UDP {{media}} in.',
      connectionEnded:
        'Its connection ended: {{reason}}. Its ignition, its power, or the network; it comes back by itself.',
      connectionIdle:
        'Its connection was closed because nothing came for too long. A weak network, or a heartbeat interval of the vehicle longer than this limit.',
      refusedByLimit:
        'Connections from {{address}} were refused by a limit: {{limitWords}}. Raise it where many vehicles share one address.',
      strangersFromThere:
        'From its address {{address}} somebody is connected as {{terminals}}. The phone number in the vehicle may have been changed.',
      overRate:
        'Its connection was closed because it sent more than one peer may send. Lower the bit rate in the recorder, or raise the limit.',
      noBytes:
        'A connection from {{address}} to port {{port}} was opened and has sent nothing. A port check, a proxy, or a device that waits for another protocol.',
      notJt808:
        'What comes from {{address}} is not JT/T 808 but {{looksWords}}. Set the vehicle to JT/T 808 without encryption, or the address belongs to something else.',
      notRegistered:
        'It is connected and sends {{message}}, but neither registers nor authenticates: it may believe that it is let in already. Restart the recorder; if that does not help, clear the authentication code in it.',
      pending: 'It waits to be admitted: this server lets only admitted vehicles in.',
      rosterFull:
        'It was refused because the list is full; its limit is {{count}}. Remove vehicles that are gone, or raise the limit.',
      registrationRate:
        'Too many registrations came from its address within a minute, so its own was not answered. It tries again by itself; where many vehicles share one address, raise the limit.',
      registrationUnreadable:
        'Its registration of {{bytes}} bytes has none of the layouts of 2011, 2013 or 2019. Send the bytes to support.',
      notAuthenticated:
        'It was given its code {{seconds}} s ago and has not come back with it. Some recorders need a restart after their first registration.',
      codeRefused:
        'The code it sent is not the one it was given: it may keep the code of another platform. It registers anew by itself; if not, clear the authentication code in the recorder.',
      codeUnknown:
        'It sent a code without ever having registered here. It must register first; clear the code in the recorder.',
      capabilitiesSilent:
        'It does not say how many cameras it has, so {{channels}} are shown. That alone keeps no picture away.',
      vehicleAway: 'The vehicle is not connected, so nothing can be asked of it. See the steps of the vehicle.',
      nobodyWatches: 'Nobody watches this camera now, so the vehicle is not asked for it. Put it on the wall.',
      noMediaPort:
        'Of the transports that the vehicle is offered no media port is open here, so there is none to name to it. See the step “Ports open”.',
      notAcknowledged:
        'The vehicle has not answered 0x9101 within {{seconds}} s. It may be busy, restart or hang; other commands tell whether it listens at all.',
      commandRefused:
        'The vehicle answered “failed”. Often another platform uses the camera, the camera is not connected, or the channel does not exist.',
      commandBadMessage:
        'The vehicle answered “message has errors”. Its firmware may want another edition of JT/T 1078; send the bytes to support.',
      commandUnsupported: 'The vehicle answered “not supported”: it does not know JT/T 1078, or its video unit is off.',
      channelMissing: 'By its own word it has the channels {{channels}}; {{channel}} is none of them.',
      addressLoopback:
        '0x9101 named {{address}}, which is this machine’s own inner address; the vehicle is at {{from}} and cannot reach it. Set the address that vehicles reach.',
      addressPrivate:
        '0x9101 named {{address}}, an address of the local network; the vehicle is at {{from}}, on the internet, and cannot reach it. Set the public address.',
      addressOther:
        '0x9101 named {{address}}, but the vehicle’s own connection reached this server at {{reached}}. Set one that the vehicle reaches, or leave it empty.',
      portForwarded:
        '0x9101 named port {{named}}, which a router must forward to port {{port}} of this machine, for UDP and for TCP. Nothing arrives there.',
      mediaBlocked:
        'The vehicle ({{from}}) was told to send to {{address}} {{ports}} and nothing arrived. Check firewall and router on the way, and whether that address is the right one seen from the vehicle.',
      udpBlocked:
        'UDP port {{port}} may be blocked on the way: many firewalls let TCP through and not UDP. Offer TCP only.',
      tcpOnly: 'Only TCP port {{port}} was offered. Some recorders send over UDP alone: offer both.',
      simDiffers:
        'Media comes from {{remote}} with the SIM {{sim}}, but the vehicle’s phone is {{phone}}. Set the same number in the recorder for signalling and for video.',
      channelDiffers:
        'Channel {{asked}} was asked for, and channel {{sent}} is sent. The recorder counts its channels otherwise.',
      pinnedElsewhere:
        'Another source, {{other}}, sends the same camera; the picture stays with {{source}} until that is silent. Two devices may have one SIM number.',
      mediaUnrecognised:
        'A connection from {{remote}} came after 0x9101, but what it sends is not JT/T 1078 but {{looksWords}}.',
      mediaSilent:
        'A connection from {{remote}} to port {{port}} was opened after 0x9101, but no packet has come on it.',
      mediaEnded: 'Media came from {{remote}} and has ended. The stream is asked for again by itself.',
      switchedAway:
        'The recorder sends one stream of a camera at a time, and now sends the other one. Watch both in the same quality, or close the other.',
      soundOnly:
        'Only sound comes ({{types}}), no picture. The camera may be unplugged or switched off in the recorder.',
      codecUnsupported:
        'The picture is coded as {{name}} (payload type {{type}}), which cannot be decoded here. Set the recorder to H.264 or H.265.',
      noKeyFrame:
        'For {{seconds}} s packets of pictures have come and no key frame. Set a shorter key frame interval in the recorder.',
      packetLoss:
        '{{percent}} % of the packets are lost on the way, too many for whole pictures. Offer TCP, or lower the bit rate.',
      noParameterSets:
        'Key frames come without the picture’s parameters (SPS). The recorder’s firmware is at fault; send the bytes to support.',
      consoleCannotDecode: 'This computer cannot decode it: {{why}}',
      consoleNotShowing:
        'The camera is not on this console’s wall, so whether its picture shows is not known here. Put it on the wall.',
    },
    limit: {
      tooManyPeers: 'connections at once',
      tooManyPeersPerAddress: 'connections from one address',
      connectRate: 'new connections a second from one address',
    },
    looks: {
      tls: 'TLS (encrypted)',
      http: 'HTTP',
      ssh: 'SSH',
      rtsp: 'RTSP',
      damaged808: 'damaged JT/T 808',
      damaged1078: 'damaged JT/T 1078',
      attachment: 'an upload of alarm attachments, which belongs on another port',
      text: 'plain text',
      binary: 'something unknown',
    },
    peer: {
      silent: 'Sent nothing',
      unrecognised: 'Neither 808 nor 1078',
      refused: 'Refused by a limit',
      stranger: 'Not let in',
      unwanted: 'Media nobody asked for',
    },
    refusal: {
      unwanted: 'nobody asked for this SIM',
      unwantedChannel: 'this channel was not asked for',
      otherSource: 'the picture comes from another source',
    },
  },
  usage: {
    title: 'Data use',
    month: 'Month',
    vehicle: 'Vehicle',
    total: 'Total',
    left: 'Left',
    allowance: 'Allowance (MB)',
    own: 'own',
    none: 'none',
    over: '{{bytes}} over',
    all: 'All vehicles',
    byDay: 'By day',
    nothing: 'No data was used in this month.',
    overhead: 'Bytes of JT/T 808 and 1078; the network’s own headers add some 4 to 8 %.',
    setAllowance: 'Allowance for {{plate}}, MB a month; empty: as the setting says',
    defaultAllowance: 'Allowance of all',
    kind: {
      signalIn: 'Signalling in',
      signalOut: 'Signalling out',
      main: 'Main streams',
      sub: 'Sub streams',
      talk: 'Talk',
      playback: 'Playback',
      upload: 'Uploads',
      pictures: 'Pictures',
      refused: 'Not asked for',
    },
  },
};
