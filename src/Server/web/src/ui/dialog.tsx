import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface DialogProps {
    title: string;
    children: ComponentChildren;
    onClose: () => void;
}

/** A window over the page; Escape closes it. Its buttons stand in `.actions`. */
export function Dialog({ title, children, onClose }: DialogProps): JSX.Element {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => dialog.current!.showModal(), []);
    return (
        <dialog class="dialog" ref={dialog} aria-label={title} onClose={onClose}>
            <div class="body">
                <h2>{title}</h2>
                {children}
            </div>
        </dialog>
    );
}
