/** What we use of a package that brings no types. */
declare module "govuk-frontend" {
  interface Component {
    readonly moduleName: string;
  }
  export const Button: Component;
  export const Checkboxes: Component;
  export const ErrorSummary: Component;
  export const NotificationBanner: Component;
  export const PasswordInput: Component;
  export const ServiceNavigation: Component;
  /** Starts a component wherever the page has its markup. */
  export function createAll(component: Component): void;
}
