namespace AuthService.Api.AppTokens;

/// <summary>The values of <c>type</c> in the faults of a 422.</summary>
internal static class FaultTypes
{
    public const string Missing = "missing";
    public const string WrongType = "wrong_type";
    public const string WrongFormat = "wrong_format";
    public const string WrongLength = "wrong_length";
    public const string OutOfRange = "out_of_range";
    public const string Mismatch = "mismatch";
    public const string Unknown = "unknown";
}
