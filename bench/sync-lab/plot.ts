// Lines over time as SVG.

export interface Line {
  readonly name: string;
  /** Pairs of seconds and value; undefined breaks the line. */
  readonly points: readonly (readonly [number, number | undefined])[];
}
export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Largest distance from `middle` that is drawn; what lies beyond is cut off. */
  readonly reach: number;
  readonly middle: number;
  /** Named instants, seconds. */
  readonly marks: readonly (readonly [number, string])[];
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const colours = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#0891b2', '#64748b'];
const [width, height, left, top, bottom] = [1000, 240, 60, 24, 30];

export function drawPlot(plot: Plot): string {
  const { fromSeconds, toSeconds, middle, reach } = plot;
  const x = (seconds: number): number =>
    left + ((seconds - fromSeconds) / (toSeconds - fromSeconds)) * (width - left - 10);
  const y = (value: number): number => {
    const share = Math.max(-1, Math.min(1, (value - middle) / reach));
    return top + ((1 - share) / 2) * (height - top - bottom);
  };
  const parts: string[] = [];
  for (const share of [-1, -0.5, 0, 0.5, 1]) {
    const value = middle + share * reach;
    parts.push(
      `<path d="M${left} ${y(value)}H${width - 10}" stroke="#ddd"/>`,
      `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${Number(value.toFixed(4))}</text>`,
    );
  }
  for (let second = Math.ceil(fromSeconds / 10) * 10; second <= toSeconds; second += 10)
    parts.push(
      `<text x="${x(second)}" y="${height - bottom + 16}" text-anchor="middle">${second} s</text>`,
    );
  plot.marks.forEach(([second, name], index) =>
    parts.push(
      `<path d="M${x(second)} ${top}V${height - bottom}" stroke="#999" stroke-dasharray="3 3"/>`,
      `<text x="${x(second) + 3}" y="${top + 10 + 12 * (index % 3)}" fill="#666">${name}</text>`,
    ),
  );
  plot.lines.forEach((line, index) => {
    const colour = colours[index % colours.length];
    let path = '';
    let isDown = false;
    for (const [second, value] of line.points) {
      if (value !== undefined)
        path += `${isDown ? 'L' : 'M'}${x(second).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = value !== undefined;
    }
    parts.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.4"/>`,
      `<text x="${width - 10 - 70 * (plot.lines.length - index)}" y="14" fill="${colour}">${line.name}</text>`,
    );
  });
  return (
    `<svg viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" font-size="11" ` +
    `font-family="sans-serif"><text x="${left}" y="14" font-weight="bold">${plot.title} (${plot.unit})</text>` +
    `${parts.join('')}</svg>`
  );
}
