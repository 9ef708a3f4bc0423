import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/shell.css";
import "./match/match.css";
import { render } from "preact";
import { App } from "./app";
import { startTheme } from "./ui/theme";

startTheme();
render(<App />, document.getElementById("app")!);
