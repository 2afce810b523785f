/** What the tests use of npm `smpp`, a client and server we did not write, which comes without types. */
declare module "smpp" {
  import type { EventEmitter } from "node:events";
  import type { Server as NetServer, Socket } from "node:net";

  namespace smpp {
    interface PeerPdu {
      command: string;
      command_id: number;
      command_status: number;
      sequence_number: number;
      [field: string]: unknown;
      response(fields?: Record<string, unknown>): PeerPdu;
      toBuffer(): Buffer;
    }

    type Ask = (fields?: Record<string, unknown>, onResponse?: (pdu: PeerPdu) => void) => boolean;

    interface PeerSession extends EventEmitter {
      socket: Socket;
      bind_transceiver: Ask;
      bind_transmitter: Ask;
      bind_receiver: Ask;
      submit_sm: Ask;
      deliver_sm: Ask;
      data_sm: Ask;
      query_sm: Ask;
      enquire_link: Ask;
      unbind: Ask;
      send(pdu: PeerPdu, onResponse?: (pdu: PeerPdu) => void): boolean;
      pause(): void;
      resume(): void;
      close(): void;
      destroy(): void;
    }

    interface Peer {
      createServer(options: object, onSession: (session: PeerSession) => void): NetServer & { sessions: PeerSession[] };
      connect(options: object, onConnect?: () => void): PeerSession;
      PDU: (new (
        command: string,
        fields?: Record<string, unknown>,
      ) => PeerPdu) & {
        fromBuffer(buffer: Buffer): PeerPdu;
      };
      errors: Record<string, number>;
      commands: Record<string, { id: number }>;
      tlvs: Record<string, { id: number }>;
    }
  }

  const smpp: smpp.Peer;
  export = smpp;
}
