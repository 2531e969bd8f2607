import { Decoder, Encoder } from 'socket.io-parser';

/** More than any frame of the queen has: it holds at most so many bytes of output, and no piece of output is empty. */
const MAX_ATTACHMENTS = 1024 * 1024;

/** Socket.IO's decoder takes 10 pieces of binary data in a message and ends the connection at more; a frame may have one for each of its events. */
class FrameDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: MAX_ATTACHMENTS });
  }
}

/** Socket.IO's own form of messages, with room for the frames of the queen. */
export const frameParser = { Encoder, Decoder: FrameDecoder };
