using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>A value that was read from a request, or the fault that prevented it.</summary>
internal readonly struct ReadResult<T>
{
    private readonly T? _value;

    public ReadResult(T value) => _value = value;

    public ReadResult(ApiError fault) => Fault = fault;

    public ApiError? Fault { get; }

    public T Value => Fault is null ? _value! : throw new InvalidOperationException("The input could not be read");

    public static implicit operator ReadResult<T>(T value) => new(value);

    public static implicit operator ReadResult<T>(ApiError fault) => new(fault);

    public static implicit operator ReadResult<T>(Refusal fault) => new((ApiError)fault);

    /// <summary>Continues with the value. A fault is passed on unchanged.</summary>
    public ReadResult<TNext> Then<TNext>(Func<T, ReadResult<TNext>> read) => Fault is { } fault ? fault : read(Value);
}
