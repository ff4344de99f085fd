// Where the engine's token comes from: nowhere if the server asks for none, else from the viewer. It is
// kept in this variable and nowhere else, so it is gone with the page.
import type { TokenProvider } from '../session/deps';
import type { SignIn } from '../ui/environment';
import { Cell } from '../ui/store';

interface Asked {
  readonly needed: boolean;
  readonly refused: boolean;
}

export class TokenDesk implements SignIn {
  readonly state = new Cell<Asked>({ needed: false, refused: false });
  private token: string | null = null;
  private waiting: ((token: string) => void)[] = [];

  /**
   * @param isAuthEnabled Asks the server; rejects while it does not answer.
   * @param onSubmitted The viewer gave a token: a connection that has ended may try again.
   */
  constructor(
    private readonly isAuthEnabled: () => Promise<boolean>,
    private readonly onSubmitted: () => void,
  ) {}

  readonly provide: TokenProvider = async (refused) => {
    if (refused) this.token = null;
    if (this.token !== null) return this.token;
    if (!refused && !(await this.isAuthEnabled())) return null;
    this.ask(refused);
    return new Promise((resolve) => this.waiting.push(resolve));
  };

  /** Shows the form (again). */
  ask(refused: boolean): void {
    this.token = null;
    this.state.set({ needed: true, refused });
  }

  submit(token: string): void {
    this.token = token;
    this.state.set({ needed: false, refused: false });
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(token);
    this.onSubmitted();
  }
}
