using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>
/// Resets the counters of failed sign-ins and wrong codes when a new password is set, in the same transaction. Failed sign-ins were guesses at the old
/// password, and guesses at codes came from somebody who had it. The tables belong to the sign-in, which the changes of principals may not use. A password that
/// is set with a mailed token leaves the wrong codes counted: a reader of the person's mail can get such a token as often as they like.
/// </summary>
internal static class FailedSignIns
{
    public static Task ForgetFailedSignInsAsync(this Store store, PrincipalName name) =>
        store.WriteAsync($"DELETE FROM lockouts WHERE name_hash = {name.Hash()}");

    public static Task ForgetWrongCodesAsync(this Store store, Principal principal) =>
        store.WriteAsync($"UPDATE totp_factors SET wrong_in_a_row = 0 WHERE principal_number = {principal.Number} AND wrong_in_a_row > 0");
}
