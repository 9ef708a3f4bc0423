// Colours of the picture. The two teams are blue and orange, which people who confuse red and green tell apart too; besides, towers and bars of
// the teams differ in shape. The picture is dark in both themes: it is a window into the match, not a part of the page.

export const Team = {
    home: 0x4aa3ff,
    away: 0xff9440,
    neutral: 0xd8c77a,
} as const;

/** Colour of a team: 0 home, 1 away, anything else neutral. */
export function teamColor(team: number): number {
    return team === 0 ? Team.home : team === 1 ? Team.away : Team.neutral;
}

/** The same for CSS and canvas. */
export function teamCss(team: number, alpha = 1): string {
    return css(teamColor(team), alpha);
}

export function css(color: number, alpha = 1): string {
    const r = (color >> 16) & 255;
    const g = (color >> 8) & 255;
    const b = color & 255;
    return alpha >= 1 ? `rgb(${r} ${g} ${b})` : `rgb(${r} ${g} ${b} / ${alpha})`;
}

/** A mixture of two colours, `part` of the second. */
export function mix(a: number, b: number, part: number): number {
    const channel = (shift: number) => Math.round(((a >> shift) & 255) * (1 - part) + ((b >> shift) & 255) * part) << shift;
    return channel(16) | channel(8) | channel(0);
}

/** Colours of damage numbers by the event's type. */
export const Damage = { physical: 0xffd9b0, magic: 0xd0b3ff, true: 0xffffff, heal: 0x7be38b, gold: 0xffd257 } as const;

export const Ink = { outline: 0x0a0d12, shade: 0x10151c, text: 0xf2f5f8, mana: 0x5aa9e6, shield: 0xe9eef5, self: 0xfff3b0 } as const;
