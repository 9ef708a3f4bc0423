import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failure } from "./failure";

type Module<P> = { default: ComponentType<P> };

/** A component whose code is fetched when it is first shown, with `Waiting` in its place meanwhile. */
export function lazy<P extends object>(load: () => Promise<Module<P>>, Waiting: ComponentType): ComponentType<P> {
    let loaded: ComponentType<P> | null = null;
    return function Lazy(props: P): JSX.Element {
        const [, redraw] = useState(0);
        const [error, setError] = useState<unknown>(null);
        useEffect(() => {
            if (loaded) return;
            load().then(
                module => {
                    loaded = module.default;
                    redraw(n => n + 1);
                },
                reason => setError(reason),
            );
        }, []);
        if (loaded) {
            const Component = loaded as ComponentType<object>;
            return <Component {...props} />;
        }
        if (error) {
            return (
                <main class="page">
                    <Failure
                        error={new Error("This page's code could not be loaded: the server may have been updated. Load the page again.")}
                    />
                </main>
            );
        }
        return <Waiting />;
    };
}
