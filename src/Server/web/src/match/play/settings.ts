/** What a person likes; kept in this browser. */
export interface Settings {
    /** Skills go off at the pointer at once, without a click. */
    quickCast: boolean;
    sound: boolean;
    /** The picture stays with the own hero. */
    lockedCamera: boolean;
    /** The picture moves when the pointer touches the window's edge. */
    edgePan: boolean;
    /** The recommended build shops; the recommended order learns. */
    autoShop: boolean;
    autoLearn: boolean;
    zoom: number;
}

export const usual: Settings = {
    quickCast: false,
    sound: false,
    lockedCamera: true,
    edgePan: false,
    autoShop: false,
    autoLearn: false,
    zoom: 27,
};

const key = "play";

/** What was kept, and the usual for the rest. */
export function loadSettings(storage: Pick<Storage, "getItem"> = localStorage): Settings {
    try {
        const kept: unknown = JSON.parse(storage.getItem(key) ?? "{}");
        const settings = { ...usual };
        if (typeof kept !== "object" || kept === null) return settings;
        for (const name of Object.keys(usual) as (keyof Settings)[]) {
            const value = (kept as Record<string, unknown>)[name];
            if (typeof value === typeof usual[name]) Object.assign(settings, { [name]: value });
        }
        return settings;
    } catch {
        return { ...usual };
    }
}

export function saveSettings(settings: Settings, storage: Pick<Storage, "setItem"> = localStorage): void {
    storage.setItem(key, JSON.stringify(settings));
}
