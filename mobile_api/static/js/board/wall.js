// A wall: nobody touches it, so it shows one part of a long list after the other, and goes on to the next day by itself.

const EVERY = 15_000; // milliseconds that each part is shown

export function turnOver(board) {
  setInterval(() => {
    if (board.clock.minute >= 1440 && board.clock.minute < 1500) return location.assign("/desk/board?wall=1");
    const { scrollTop, clientHeight, scrollHeight } = board.scroller;
    const last = scrollTop + clientHeight >= scrollHeight - 4;
    board.scroller.scrollTo({ top: last ? 0 : scrollTop + clientHeight * 0.85 });
  }, EVERY);
}
