using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>
/// Failed sign-ins guessed at the password that was there, and whoever guessed at codes had it. With a new one they are forgotten, which lifts locks and
/// the stop of codes, in the transaction that sets it. The sign-in keeps them, which the changes of principals may not use. Whoever reads the person's mail
/// gets a new password as often as they like: with that the codes stay counted.
/// </summary>
internal static class FailedSignIns
{
    public static Task ForgetFailedSignInsAsync(this Store store, PrincipalName name) =>
        store.WriteAsync($"DELETE FROM lockouts WHERE name_hash = {name.Hash()}");

    public static Task ForgetWrongCodesAsync(this Store store, Principal principal) =>
        store.WriteAsync($"UPDATE totp_factors SET wrong_in_a_row = 0 WHERE principal_number = {principal.Number} AND wrong_in_a_row > 0");
}
