using System.Diagnostics.Metrics;

namespace AuthService.SignIn;

/// <summary>Counts how sign-in attempts end. No metric has a name as its tag, because the number of names is unlimited.</summary>
internal sealed class SignInMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _locks;
    private readonly Counter<long> _wrongCodes;

    public SignInMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AuthService.SignIn");
        _attempts = meter.CreateCounter<long>("authservice.sign_in.attempts", "{attempt}", "Attempts to sign in, by outcome");
        _locks = meter.CreateCounter<long>("authservice.sign_in.locks", "{lock}", "Names that were locked after too many failures");
        _wrongCodes = meter.CreateCounter<long>("authservice.sign_in.wrong_codes", "{code}", "Codes of second factors that were refused");
    }

    public void Right() => Count("right");

    public void Wrong() => Count("wrong");

    /// <summary>Counts an attempt that was refused without judging the password.</summary>
    public void Locked() => Count("locked");

    public void LockBegan() => _locks.Add(1);

    public void WrongCode() => _wrongCodes.Add(1);

    private void Count(string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
