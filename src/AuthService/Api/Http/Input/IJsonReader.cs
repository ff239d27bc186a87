namespace AuthService.Api.Http.Input;

/// <summary>A reader of an input that is a JSON body. It names the type of the body once, so the documented body is the one that is read.</summary>
/// <typeparam name="TSelf">The reader.</typeparam>
/// <typeparam name="TBody">The type of the body.</typeparam>
/// <typeparam name="T">The type of the input.</typeparam>
internal interface IJsonReader<TSelf, TBody, T> : IInputReader<T>
    where TSelf : IJsonReader<TSelf, TBody, T>
    where TBody : class
{
    /// <summary>Checks the body and creates the input.</summary>
    static abstract ReadResult<T> Read(TBody body);

    static async ValueTask<ReadResult<T>> IInputReader<T>.ReadAsync(HttpContext context) => (await JsonBody.ReadAsync<TBody>(context)).Then(TSelf.Read);

    static void IInputReader<T>.Document(EndpointBuilder endpoint) => JsonBody.Document<TBody>(endpoint);
}
