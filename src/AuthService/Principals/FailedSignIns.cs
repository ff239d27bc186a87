using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>
/// Failed sign-ins guessed at the password that was there. With a new one they are forgotten, which lifts locks, in the transaction that
/// sets it. The lockout keeps them, which the changes of principals may not use.
/// </summary>
internal static class FailedSignIns
{
    public static Task ForgetFailedSignInsAsync(this Store store, PrincipalName name) =>
        store.WriteAsync($"DELETE FROM lockouts WHERE name_hash = {name.Hash()}");
}
