export interface Deadline {
  dueAt: number;
  /** Kept by the heap; -1 outside of it. */
  heapIndex: number;
}

/** A binary heap of deadlines, earliest first, from which any item can be removed in O(log n). */
export class DeadlineHeap<Item extends Deadline> {
  readonly #items: Item[] = [];

  get earliest(): Item | undefined {
    return this.#items[0];
  }

  /** Adds the item, or moves it when its deadline has changed. */
  set(item: Item): void {
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#settle(item);
  }

  remove(item: Item): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#place(last, index);
    this.#settle(last);
  }

  /** Takes out and returns the earliest item if it is due. */
  takeDue(now: number): Item | undefined {
    const earliest = this.#items[0];
    if (!earliest || earliest.dueAt > now) return undefined;
    this.remove(earliest);
    return earliest;
  }

  #place(item: Item, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #settle(item: Item): void {
    this.#siftUp(item);
    this.#siftDown(item);
  }

  #siftUp(item: Item): void {
    while (item.heapIndex > 0) {
      const index = item.heapIndex;
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex];
      if (!parent || parent.dueAt <= item.dueAt) return;
      this.#place(parent, index);
      this.#place(item, parentIndex);
    }
  }

  #siftDown(item: Item): void {
    for (;;) {
      const index = item.heapIndex;
      const left = this.#items[2 * index + 1];
      const right = this.#items[2 * index + 2];
      const child = left && right && right.dueAt < left.dueAt ? right : left;
      if (!child || child.dueAt >= item.dueAt) return;
      const childIndex = child.heapIndex;
      this.#place(child, index);
      this.#place(item, childIndex);
    }
  }
}
