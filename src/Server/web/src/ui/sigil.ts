/** A number that depends on all of a text (FNV-1a, 32 bits). */
function hash(text: string): number {
    let value = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
    return value;
}

const drawn: Record<string, string> = {
    any: "M15 16c0-7 10-7 10 0 0 4-5 4-5 8M20 28v.5",
    anchor: "M20 10v19M14 15h12M11 24c1 5 5 6 9 6s8-1 9-6M20 10a2 2 0 1 0 0-.01",
    ballista: "M12 28 28 12M20 12h8v8M11 18c2 6 5 9 11 11",
    bulwark: "M12 12h16v9c0 5-4 8-8 10-4-2-8-5-8-10zM20 12v18M12 20h16",
    chime: "M14 26c0-8 1-13 6-14 5 1 6 6 6 14zM11 26h18M20 29v1",
    cinderfist: "M13 20v8h13l2-8v-4h-4v3-6h-4v6-7h-4v7-4h-3z",
    ember: "M20 9c6 6 8 9 8 14a8 8 0 0 1-16 0c0-4 3-5 4-9 3 2 4 4 4 7 2-3 2-7 0-12z",
    halberd: "M14 30 26 10M20 12c5-2 8 0 9 5l-7 3",
    hollow: "M20 10a10 10 0 1 0 .01 0M20 16a4 4 0 1 0 .01 0",
    hush: "M13 12c8 2 8 14 0 16M20 14c5 2 5 10 0 12M27 17v6",
    lantern: "M15 15h10v12H15zM17 15c0-5 6-5 6 0M20 18v5M14 30h12",
    longshot: "M20 11a9 9 0 1 0 .01 0M20 8v7M20 25v7M8 20h7M25 20h7",
    nettle: "M20 31V14M20 24c-6 0-8-3-8-7 5 0 8 2 8 7M20 20c5 0 8-3 8-8-5 0-8 3-8 8",
    packlord: "M15 29c-3-5 1-8 5-8s8 3 5 8c-2 2-3 0-5 0s-3 2-5 0M12 18v1M17 13v1M23 13v1M28 18v1",
    quill: "M12 29c2-10 7-15 16-17-1 9-6 13-12 13M12 29l9-10",
    reaver: "M13 29c0-10 5-16 15-17-6 3-8 7-8 11M11 24l7 5",
    rime: "M20 9v22M10.500 14.500l19 11M29.500 14.500l-19 11M17 11l3 3 3-3M17 29l3-3 3 3",
    shade: "M26 29a10 10 0 1 1 0-18 11 11 0 0 0 0 18z",
    spark: "M22 9 13 22h6l-2 9 10-13h-7z",
    thicket: "M20 31v-8M20 10c6 1 9 6 6 11-3 3-9 3-12 0-3-5 0-10 6-11M15 31h10",
    warden: "M13 30V15l3-3 2 3h4l2-3 3 3v15zM18 30v-6h4v6",
};

/**
 * The path of a hero's sign on a field of 40 × 40. Heroes of the content have one of their own; another's is a symmetric figure made from its name,
 * so that it is always the same.
 */
export function sigil(hero: string): string {
    const own = drawn[hero];
    if (own) return own;
    const bits = hash(hero);
    const points = Array.from({ length: 4 }, (_, i) => {
        const x = 20 + 2 + ((bits >>> (i * 4)) & 7);
        const y = 11 + i * 6 + ((bits >>> (i * 4 + 16)) & 1) * 2;
        return [x, y] as const;
    });
    const right = points.map(([x, y]) => `${x} ${y}`);
    const left = points.map(([x, y]) => `${40 - x} ${y}`).reverse();
    return `M${right.join("L")}L${left.join("L")}z`;
}
