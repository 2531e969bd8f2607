import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Heap, heapNode } from '../src/Heap.js';

test('a heap tells the least value, whatever comes, goes and changes', () => {
  const steps = fc.array(fc.record({ node: fc.nat({ max: 9 }), to: fc.option(fc.nat({ max: 99 })) }), { maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(steps, (history) => {
      const heap = new Heap<{ at: number }>((a, b) => a.at - b.at);
      const nodes = Array.from({ length: 10 }, () => heapNode({ at: 0 }));
      const inside = new Set<{ at: number }>();
      for (const { node, to } of history) {
        const chosen = nodes[node]!;
        if (to === null) {
          heap.remove(chosen);
          inside.delete(chosen.value);
        } else {
          chosen.value.at = to;
          heap.put(chosen);
          inside.add(chosen.value);
        }
        const least = inside.size === 0 ? undefined : Math.min(...[...inside].map(({ at }) => at));
        expect(heap.first?.at).toBe(least);
        expect(new Set(heap)).toEqual(inside);
        expect(heap.size).toBe(inside.size);
      }
    }),
  );
});
