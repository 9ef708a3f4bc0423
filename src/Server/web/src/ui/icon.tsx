import type { JSX } from "preact";

const shapes = {
    brand: "M12 1.5 21 6.75v10.5L12 22.5 3 17.25V6.75zM12 7v10M7.5 9.5l9 5M16.5 9.5l-9 5",
    sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
    moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
    play: "M7 4.5v15l12-7.5z",
    pause: "M8 5v14M16 5v14",
    stop: "M6 6h12v12H6z",
    camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    download: "M12 3v12M7 11l5 5 5-5M4 20h16",
    search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM20 20l-4.8-4.8",
    link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3A4.5 4.5 0 0 0 13 4.6l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3a4.5 4.5 0 0 0 6.4 6.4l1-1",
    person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c.5-4 4-6 8-6s7.500 2 8 6",
    bot: "M5 9h14v10H5zM12 9V5M9.500 13.500v1M14.500 13.500v1M12 5h.01M2.500 12.500v3M21.500 12.500v3",
    swap: "M4 8h14l-4-4M20 16H6l4 4",
    cross: "M6 6l12 12M18 6 6 18",
    check: "M4.500 12.500l5 5 10-11",
    copy: "M9 9h11v11H9zM5 15H4V4h11v1",
} as const;

export type IconName = keyof typeof shapes;

/** A line drawing in the colour of the text around it; says nothing to a screen reader. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
    return (
        <svg
            viewBox="0 0 24 24"
            width={size}
            height={size}
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d={shapes[name]} />
        </svg>
    );
}
